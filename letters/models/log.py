"""The history of a delivery."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models.transitions import DeliveryState


class DeliveryLog(models.Model):
    """One move of a delivery, never changed afterwards."""

    delivery = models.ForeignKey("Delivery", models.CASCADE, related_name="log", verbose_name=_("delivery"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    from_state = models.CharField(_("from"), max_length=12, choices=DeliveryState.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=12, choices=DeliveryState.choices)
    owner = models.CharField(_("by"), max_length=100, blank=True)
    fence = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("move of a delivery")
        verbose_name_plural = _("moves of a delivery")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"
