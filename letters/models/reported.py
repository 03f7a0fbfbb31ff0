"""What supporters did elsewhere and told us."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from campaigns.models import Campaign, CampaignTarget
from letters.models.encrypted import EncryptedTextField


class ReportedAction(models.Model):
    """A letter, call, visit or post that did not pass through us. Counted apart, never added to what we sent."""

    class Way(models.TextChoices):
        POST = "post", _("letter or card by post")
        OWN_MAILBOX = "own_mailbox", _("email from my own mailbox")
        FAX = "fax", _("fax")
        WEB_FORM = "web_form", _("web form of the office")
        PHONE = "phone", _("phone call")
        VISIT = "visit", _("visit")
        SOCIAL = "social", pgettext_lazy("what somebody did", "post on social media")
        OTHER = "other", _("something else")

    class KnownBy(models.TextChoices):
        FORM = "form", _("report on this site")
        COPY = "copy", _("copy received")
        PAPER = "paper", _("batch on paper")
        IMPORTED = "imported", _("import")
        PARTNER = "partner", _("partner")

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        WAITING = "waiting", _("waits for a moderator")
        REJECTED = "rejected", _("not counted")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="reported", verbose_name=_("campaign"))
    office = models.ForeignKey(
        CampaignTarget, models.PROTECT, null=True, blank=True, related_name="reported", verbose_name=_("office")
    )
    way = models.CharField(_("how"), max_length=12, choices=Way.choices)
    known_by = models.CharField(_("how we know"), max_length=8, choices=KnownBy.choices, default=KnownBy.FORM)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.COUNTED)
    number = models.PositiveIntegerField(_("how many"), default=1)
    done_on = models.DateField(_("done on"))
    country = CountryField(_("country"), blank=True)
    note = EncryptedTextField(_("what happened"), blank=True)
    form_key = models.CharField(max_length=43, unique=True, help_text="Makes a double click one report.")
    created_at = models.DateTimeField(_("reported at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reported action")
        verbose_name_plural = _("reported actions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="a_report_counts_at_least_one_action"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.number}"
