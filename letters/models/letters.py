"""What one supporter wrote in one campaign."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models import Campaign, CampaignTarget, Channel, ModelLetter, Target
from letters.models.encrypted import EncryptedTextField


def new_public_id() -> str:
    """128 random bits, URL-safe."""
    return secrets.token_urlsafe(16)


def on_trial() -> bool:
    """Whether the site keeps what it would send (capture mode)."""
    return bool(settings.DELIVERY_MODE == "capture")


class LetterState(models.TextChoices):
    """Where a letter stands; each of its deliveries has a state of its own."""

    PENDING = "pending", _("waits for its confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    EXPIRED = "expired", _("not confirmed in time, deleted")
    ERASED = "erased", _("confirmed, then erased")


class LetterQuerySet(models.QuerySet["Letter"]):
    def confirmed(self) -> LetterQuerySet:
        """Letters that count: confirmed, erased ones included."""
        return self.filter(state__in=[LetterState.CONFIRMED, LetterState.ERASED])


class Letter(models.Model):
    """One supporter's letter in one campaign: the insert-only ledger of counts, once it is confirmed.

    Erasure blanks the encrypted columns and keeps the row, its day and country.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="supporter_letters", verbose_name=_("campaign"))
    state = models.CharField(_("state"), max_length=9, choices=LetterState.choices, default=LetterState.PENDING)
    form_key = models.CharField(max_length=43, unique=True, help_text="Makes a double click one letter.")
    form_digest = models.CharField(max_length=64, help_text="Tells a repeat from another text under the same key.")
    person_key = models.CharField(
        max_length=64, db_index=True, help_text="HMAC of campaign and canonical email: counts a person once."
    )
    token_generation = models.PositiveSmallIntegerField(default=1, help_text="Raised to make old links useless.")

    page_language = models.CharField(_("language of the page"), max_length=12)
    country = CountryField(_("country"), blank=True)
    name = EncryptedTextField(_("name"), blank=True)
    email = EncryptedTextField(_("email"), blank=True)
    city = EncryptedTextField(_("city"), blank=True)
    organisation = EncryptedTextField(_("organisation"), blank=True)
    role = EncryptedTextField(_("role"), blank=True)
    own_words = EncryptedTextField(_("own words"), blank=True)
    reply_to_me = models.BooleanField(_("the office may answer to the supporter's address"), default=False)
    copies = models.BooleanField(_("copies to the campaign"), default=True)
    updates = models.BooleanField(_("wants updates"), default=False)
    in_dossier = models.BooleanField(_("may be handed over on paper"), default=False)
    discreet = models.BooleanField(
        _("could endanger its writer"), default=False, help_text=_("Nothing of it is kept once it has left.")
    )
    in_own_words = models.BooleanField(
        _("holds words of the supporter's own"), default=False, help_text=_("Outlives the words themselves.")
    )
    consent_version = models.CharField(_("version of the privacy text agreed to"), max_length=20)
    facts_version = models.PositiveIntegerField(_("version of the facts"))
    trial = models.BooleanField(_("written in trial mode"), default=on_trial, help_text=_("Going live never sends it."))

    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("to be confirmed before"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, help_text=_("In the site's time zone."))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        permissions = [
            ("read_letter", _("Can read names and texts of supporters")),
            ("count_letter", _("Can see and export counts")),
        ]
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["campaign", "state", "confirmed_on", "country"], name="letters_by_campaign_and_day"),
            models.Index(fields=["expires_at"], condition=Q(state="pending"), name="letters_to_expire"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "expired"], confirmed_at__isnull=True, confirmed_on__isnull=True)
                | Q(state__in=["confirmed", "erased"], confirmed_at__isnull=False, confirmed_on__isnull=False),
                name="a_letter_has_an_hour_of_confirmation_once_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "confirmed"])
                | Q(name="", email="", city="", organisation="", role="", own_words=""),
                name="an_expired_or_erased_letter_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"

    @property
    def shows_states(self) -> bool:
        """Whether its link tells what became of it: until it is erased. A discreet one then names nobody: always."""
        return self.state == LetterState.CONFIRMED or (self.discreet and self.state == LetterState.ERASED)


class LetterText(models.Model):
    """The supporter's text for one model letter, or for the offices that have none."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="texts", verbose_name=_("letter"))
    model_letter = models.ForeignKey(
        ModelLetter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("model letter")
    )
    language = models.CharField(_("language"), max_length=12)
    body = EncryptedTextField(_("text"), blank=True)
    edited = models.BooleanField(_("edited by the supporter"), default=False)

    class Meta:
        verbose_name = _("text of a letter")
        verbose_name_plural = _("texts of a letter")
        constraints = [
            models.UniqueConstraint(fields=["letter", "model_letter"], name="a_letter_has_one_text_a_model_letter"),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(model_letter__isnull=True), name="a_letter_has_one_text_of_its_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.language}"


class Addressing(models.Model):
    """One office that a letter is for, with the exact text that the check page showed.

    Confirmation moves these rows into deliveries, so that what was seen is what is sent.
    """

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="addressings", verbose_name=_("letter"))
    office = models.ForeignKey(CampaignTarget, models.PROTECT, related_name="+", verbose_name=_("office in campaign"))
    target = models.ForeignKey(Target, models.PROTECT, related_name="+", verbose_name=_("office"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=12)
    subject = EncryptedTextField(_("subject"), blank=True)
    text = EncryptedTextField(_("text"))

    class Meta:
        verbose_name = _("office of a letter")
        verbose_name_plural = _("offices of a letter")
        constraints = [
            models.UniqueConstraint(fields=["letter", "target"], name="a_letter_addresses_an_office_once"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} -> {self.target_id}"
