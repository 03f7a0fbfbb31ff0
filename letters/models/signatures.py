"""Who put their name to an open letter."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models import Campaign
from letters.models.encrypted import EncryptedTextField
from letters.models.letters import new_public_id, on_trial


class SignatureState(models.TextChoices):
    """Where a signature stands; only a signed one is shown or counted."""

    PENDING = "pending", _("waits for its confirmation")
    WAITING = "waiting", _("waits for a moderator")
    SIGNED = "signed", _("signed")
    REJECTED = "rejected", _("not accepted")
    EXPIRED = "expired", _("not confirmed in time, deleted")
    ERASED = "erased", _("taken back")


class SignatureQuerySet(models.QuerySet["Signature"]):
    def signed(self) -> SignatureQuerySet:
        """Signatures that count. Once the site is live, nothing from its trial does."""
        found = self.filter(state=SignatureState.SIGNED)
        return found if on_trial() else found.filter(trial=False)

    def listed(self) -> SignatureQuerySet:
        """Those whose names are shown."""
        return self.signed().filter(is_public=True)

    def settle(self, to: SignatureState, among: Iterable[SignatureState]) -> list[Signature]:
        """Move those that are in one of the states `among` to `to`, and return them."""
        with transaction.atomic():
            rows = list(self.filter(state__in=among).select_for_update(of=("self",)))
            for row in rows:
                row.state = to
                row.search_text = row.words() if row.is_listed else ""
                row.save(update_fields=["state", "search_text"])
        return rows


class Signature(models.Model):
    """A person's or an organisation's name under the open letter of a campaign.

    A mailbox signs once for a person and once for an organisation. Names are encrypted; what the list of signatories is
    sorted and searched by stands in `search_text` only while the name is public there anyway.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="signatures", verbose_name=_("campaign"))
    kind = models.CharField(_("signed by"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    state = models.CharField(_("state"), max_length=8, choices=SignatureState.choices, default=SignatureState.PENDING)
    form_key = models.CharField(max_length=43, unique=True, help_text="Makes a double click one signature.")
    form_digest = models.CharField(max_length=64, help_text="Tells a repeat from other words under the same key.")
    person_key = models.CharField(
        max_length=64, help_text="HMAC of campaign and canonical email: counts a mailbox once."
    )
    token_generation = models.PositiveSmallIntegerField(default=1, help_text="Raised to make old links useless.")

    page_language = models.CharField(_("language of the page"), max_length=12)
    country = CountryField(_("country"), blank=True)
    name = EncryptedTextField(_("name"), blank=True)
    role = EncryptedTextField(_("role or description"), blank=True)
    email = EncryptedTextField(_("email"), blank=True)
    contact = EncryptedTextField(_("contact person"), blank=True)
    members = models.PositiveIntegerField(_("members represented"), null=True, blank=True)
    is_public = models.BooleanField(_("name shown in the list"), default=False)
    updates = models.BooleanField(_("wants updates"), default=False)
    search_text = models.TextField(editable=False, blank=True)
    consent_version = models.CharField(_("version of the privacy text agreed to"), max_length=20)
    trial = models.BooleanField(_("signed in trial mode"), default=on_trial, help_text=_("Going live never counts it."))

    created_at = models.DateTimeField(_("filled in at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("to be confirmed before"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, help_text=_("In the site's time zone."))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [("decide_signature", _("Can accept and refuse signatures"))]
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["campaign", "state", "kind", "is_public"], name="signatures_of_a_campaign"),
            models.Index(fields=["expires_at"], condition=Q(state="pending"), name="signatures_to_expire"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "person_key"],
                condition=Q(state__in=["waiting", "signed", "rejected"]),
                name="a_mailbox_signs_once_for_each_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "expired"], confirmed_at__isnull=True, confirmed_on__isnull=True)
                | Q(
                    state__in=["waiting", "signed", "rejected", "erased"],
                    confirmed_at__isnull=False,
                    confirmed_on__isnull=False,
                ),
                name="a_signature_has_an_hour_of_confirmation_once_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["expired", "erased"]) | Q(name="", role="", email="", contact=""),
                name="an_expired_or_erased_signature_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(search_text="") | Q(state="signed", is_public=True),
                name="only_a_public_signature_can_be_searched",
            ),
            models.CheckConstraint(
                condition=Q(kind="organisation") | Q(contact="", members__isnull=True),
                name="only_an_organisation_has_a_contact_and_members",
            ),
            models.CheckConstraint(
                condition=Q(members__isnull=True) | Q(members__gte=1), name="an_organisation_has_at_least_one_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"

    @property
    def is_listed(self) -> bool:
        """Whether the name is shown to everyone."""
        return self.is_public and self.state == SignatureState.SIGNED

    @property
    def is_late(self) -> bool:
        """Whether its time to be confirmed is over."""
        return self.expires_at <= timezone.now()

    def words(self) -> str:
        """What it is sorted and found by: name first, casefolded here, since SQLite folds ASCII only."""
        return f"{self.name} {self.role}".strip().casefold()
