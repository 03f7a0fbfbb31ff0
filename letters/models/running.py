"""What a running site knows of itself: who works, and what is stopped."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
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


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str) -> None:
        """Write down, by the database's clock, that `name` is alive."""
        self.update_or_create(worker=name, defaults={"at": Now()})

    def workers(self) -> HeartbeatQuerySet:
        """The processes that hand letters over."""
        return self.exclude(worker=Heartbeat.SWEEP)


class Heartbeat(models.Model):
    """When a machine's worker last looked for work, and, under a name of its own, when the last sweep was done."""

    # No worker is called so: their names have a colon (`letters.sending.tasks.machine`).
    SWEEP: ClassVar[str] = "sweep"

    worker = models.CharField(_("worker"), max_length=100, unique=True)
    at = models.DateTimeField(_("last seen"))

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.worker
