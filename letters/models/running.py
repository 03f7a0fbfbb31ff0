"""What a running site knows of itself: who works, and what is stopped."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models import Channel


class Brake(models.Model):
    """While such a row stands nothing leaves: by one channel, or by none at all. Asked before each hand-over."""

    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, blank=True, help_text=_("None: everything.")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("stop of all sending")
        verbose_name_plural = _("stops of all sending")
        constraints = [models.UniqueConstraint(fields=["channel"], name="a_channel_is_stopped_once")]

    def __str__(self) -> str:
        return self.get_channel_display() or str(_("everything"))


class Heartbeat(models.Model):
    """When a machine's worker last looked for work."""

    worker = models.CharField(_("worker"), max_length=100, unique=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.worker
