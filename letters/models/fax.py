"""Calls to fax machines, and how each ended."""

from __future__ import annotations

from itertools import takewhile

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import ContactDetail
from letters.models.delivery import Delivery


class FaxOutcome(models.TextChoices):
    """How a call ended, by what it means for the letter and the number."""

    DELIVERED = "delivered", _("the other machine confirmed every page")
    BUSY = "busy", _("the number was busy")
    NO_ANSWER = "no_answer", _("nobody answered")
    NO_FAX = "no_fax", _("somebody answered, but no fax machine")
    LINE = "line", _("our line or service had a fault")
    INVALID = "invalid", _("the number does not exist or takes no fax of ours")
    DOCUMENT = "document", _("the document could not be sent")
    BROKEN_OFF = "broken_off", _("the line broke while pages were on their way")


# Nothing of the letter can have been printed: the number may be called again.
REDIAL = (FaxOutcome.BUSY, FaxOutcome.NO_ANSWER, FaxOutcome.NO_FAX, FaxOutcome.LINE)
# What a number that is out of use sounds like.
SILENT = (FaxOutcome.NO_ANSWER, FaxOutcome.NO_FAX)


class FaxCallQuerySet(models.QuerySet["FaxCall"]):
    def to(self, contact: ContactDetail) -> FaxCallQuerySet:
        """Calls to this number, the latest first."""
        return self.filter(delivery__contact=contact).order_by("-pk")

    def in_vain(self, contact: ContactDetail, limit: int) -> list[FaxCall]:
        """The number's latest calls, up to `limit`, since one that was a success."""
        return list(takewhile(lambda call: call.outcome != FaxOutcome.DELIVERED, self.to(contact)[:limit]))


class FaxCall(models.Model):
    """A call that is over. That of a delivered fax is its receipt (ITU-T T.30: the other machine's CSI and MCF)."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="calls", verbose_name=_("delivery"))
    attempt = models.PositiveIntegerField(_("attempt"), help_text="The delivery's fence when it was handed over.")
    outcome = models.CharField(_("outcome"), max_length=10, choices=FaxOutcome.choices)
    pages = models.PositiveSmallIntegerField(_("pages confirmed"), default=0)
    remote_id = models.CharField(
        _("name of the other machine"), max_length=100, blank=True, help_text=_("Its CSI, as it announced itself.")
    )
    status = models.CharField(_("in the words of the service"), max_length=300, blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"))

    objects = FaxCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("fax call")
        verbose_name_plural = _("fax calls")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "attempt"], name="an_attempt_is_one_call"),
            models.CheckConstraint(
                condition=~Q(outcome="delivered") | Q(pages__gt=0), name="a_delivered_fax_has_pages"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.ended_at:%Y-%m-%d %H:%M})"
