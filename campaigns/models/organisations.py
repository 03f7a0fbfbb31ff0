"""Organisations and what they have to do with a campaign."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models.campaigns import Campaign
from prisoners.fields import TranslatedField


class Organisation(models.Model):
    """A union, committee, movement or newsroom, shared by campaigns."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(_("name"), blank=False)
    country = CountryField(_("country"), blank=True)
    url = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("email"), blank=True)
    description = TranslatedField(_("what it is"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class CampaignOrganisation(models.Model):
    """An organisation's part in a campaign."""

    class Role(models.TextChoices):
        ISSUER = "issuer", _("issued by")
        PARTNER = "partner", _("with")
        SUPPORTER = "supporter", _("supported by")
        PUBLISHER = "publisher", _("published by")
        RELAY = "relay", _("relayed by")
        TRANSLATOR = "translator", _("translated by")
        SOURCE = "source", _("source")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="organisations", verbose_name=_("campaign"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="campaigns", verbose_name=_("organisation")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.ISSUER)
    note = TranslatedField(_("note"))

    class Meta:
        verbose_name = _("organisation in the campaign")
        verbose_name_plural = _("organisations in the campaign")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation", "role"], name="an_organisation_has_each_role_in_a_campaign_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.organisation}"
