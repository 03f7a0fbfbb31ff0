"""Days of action that the public tells of: planned ones, and what happened on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models import Campaign, Event
from letters.models.encrypted import EncryptedTextField


class Proposal(models.Model):
    """An event that somebody plans, or a report on one (`event`). A moderator's yes makes it public, nothing else does.

    It is deleted RETENTION_DAYS after it came: what was accepted stands with the campaign by then.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a moderator")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("not accepted")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="proposals", verbose_name=_("campaign"))
    event = models.ForeignKey(
        Event, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("report on")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    language = models.CharField(_("language"), max_length=12)
    name = EncryptedTextField(_("name"), blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    hour = models.TimeField(_("hour"), null=True, blank=True, help_text=_("In the time of the place."))
    city = EncryptedTextField(_("city"), blank=True)
    country = CountryField(_("country"), blank=True)
    text = EncryptedTextField(_("what is planned, or what happened"))
    organiser = EncryptedTextField(_("organised by"), blank=True)
    safety_note = EncryptedTextField(_("note on safety and access"), blank=True)
    contact = EncryptedTextField(_("whom we may ask"), blank=True, help_text=_("Shown to nobody else."))
    number = models.PositiveIntegerField(_("how many people came"), null=True, blank=True)
    form_key = models.CharField(max_length=43, unique=True, help_text="Makes a double click one proposal.")
    created_at = models.DateTimeField(_("came in at"), auto_now_add=True)

    class Meta:
        verbose_name = _("proposed event or report")
        verbose_name_plural = _("proposed events and reports")
        permissions = [("decide_proposal", _("Can accept and refuse events from the public"))]
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=False) | Q(day__isnull=False, number__isnull=True),
                name="a_planned_event_has_a_day_and_no_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"
