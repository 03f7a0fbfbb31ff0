"""Offices and model letters as one campaign uses them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models.campaigns import Campaign
from campaigns.models.offices import Target
from prisoners.fields import TranslatedField


class CampaignTarget(models.Model):
    """An office in a campaign, or "the mission of this state near the supporter"."""

    class Level(models.TextChoices):
        PRIMARY = "primary", _("addressed")
        COPY = "copy", _("gets a copy")

    class Rule(models.TextChoices):
        FIRST_WORKING = "first_working", _("by the first address that works")
        ALL = "all", _("by every address")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets", verbose_name=_("campaign"))
    key = models.SlugField(_("key"), max_length=80, help_text=_("Names this office in forms and campaign files."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="campaign_targets", verbose_name=_("office")
    )
    mission_of = CountryField(
        _("or the mission of"), blank=True, help_text=_("The embassy or consulate that covers the supporter's country.")
    )
    level = models.CharField(_("level"), max_length=8, choices=Level.choices, default=Level.PRIMARY)
    rule = models.CharField(_("which addresses"), max_length=14, choices=Rule.choices, default=Rule.FIRST_WORKING)
    channels = models.JSONField(
        _("channels in order"), default=list, blank=True, help_text=_("None: in the office's own order.")
    )
    salutation = TranslatedField(_("salutation here"), help_text=_("Wins over the office's own."))
    address_form = TranslatedField(_("form of address in the closing here"))
    languages = models.JSONField(_("languages here"), default=list, blank=True)
    audience = models.JSONField(
        _("for supporters in"), default=list, blank=True, help_text=_("Country codes. None: everywhere.")
    )
    why = TranslatedField(_("why this office"))
    paused = models.BooleanField(_("paused"), default=False, help_text=_("Nothing leaves for it from this campaign."))

    class Meta:
        verbose_name = _("office in the campaign")
        verbose_name_plural = _("offices in the campaign")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="a_campaign_has_each_office_key_once"),
            models.UniqueConstraint(
                fields=["campaign", "target"],
                condition=Q(target__isnull=False),
                name="a_campaign_addresses_an_office_once",
                violation_error_message=_("The campaign addresses this office already."),
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, mission_of="") | (Q(target__isnull=True) & ~Q(mission_of="")),
                name="a_campaign_names_an_office_or_a_mission_near_the_supporter",
                violation_error_message=_("Choose an office or “the mission of”, not both and not neither."),
            ),
        ]

    def __str__(self) -> str:
        if self.target:
            return str(self.target)
        return str(_("Mission of %(country)s near you") % {"country": self.mission_of.name})


class ModelLetter(models.Model):
    """The organisers' text. It may be points only, announced and absent, or kept elsewhere."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("letter to an office")
        REPRESENTATIVE = "representative", _("letter to one’s own representative")
        PRISONER = "prisoner", _("card to a prisoner")
        CALL = "call", _("call script")
        SOCIAL = "social", _("post for social media")
        RESOLUTION = "resolution", _("resolution")
        STEPS = "steps", _("steps")

    class Availability(models.TextChoices):
        HERE = "here", _("here")
        ANNOUNCED = "announced", _("announced, not here")
        EXTERNAL = "external", _("on another site")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="letters", verbose_name=_("campaign"))
    key = models.SlugField(_("key"), max_length=60, help_text=_("Names this text in forms and campaign files."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.OFFICE)
    availability = models.CharField(
        _("where the text is"), max_length=9, choices=Availability.choices, default=Availability.HERE
    )
    url = models.URLField(_("address of the text elsewhere"), blank=True)
    note = TranslatedField(_("note for supporters"))
    offices = models.ManyToManyField(
        CampaignTarget, blank=True, related_name="letters", verbose_name=_("for"), help_text=_("None: for all.")
    )
    audience = models.JSONField(_("for supporters in"), default=list, blank=True)
    subject = TranslatedField(_("subject"))
    opening = TranslatedField(_("opening"), help_text=_("After the salutation and the supporter's own words."))
    body = TranslatedField(_("text"), help_text=_("Without salutation and closing. Leave empty to use points."))
    closing = TranslatedField(_("closing"), help_text=_("For example: Yours sincerely,"))

    class Meta:
        verbose_name = _("model letter")
        verbose_name_plural = _("model letters")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="a_campaign_has_each_letter_key_once"),
            models.CheckConstraint(
                condition=Q(availability="here") | Q(body={}),
                name="a_text_that_is_elsewhere_is_not_here",
                violation_error_message=_("A text that is announced or on another site has no text here."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject) or self.key


class LetterPoint(models.Model):
    """A paragraph that a supporter may choose; a locked one is always in the letter."""

    letter = models.ForeignKey(ModelLetter, models.CASCADE, related_name="points", verbose_name=_("model letter"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = TranslatedField(_("text"), blank=False)
    locked = models.BooleanField(_("always in the letter"), default=False)

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.text)
