"""Putting one's name to an open letter: the form, the wait for the link, and the moment at which it counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Ask, Campaign
from letters.models import Signature, SignatureState
from letters.sending import outbox
from letters.subscribing import book
from letters.subscribing.topics import of_campaign
from letters.writing.abuse import may_mail
from letters.writing.drafts import Stamp, digest
from letters.writing.fields import AddressField, LineField
from letters.writing.forms import HONEYPOT
from letters.writing.identity import person_key
from letters.writing.store import CONSENT_VERSION, TIME_TO_CONFIRM

MEMBERS_AT_MOST = 100_000_000
STANDING = (SignatureState.WAITING, SignatureState.SIGNED, SignatureState.REJECTED)
PERSONAL = ("name", "role", "email", "contact")


def is_signed_here(campaign: Campaign) -> bool:
    """Whether the campaign is an open letter, or asks to sign something."""
    return campaign.kind == Campaign.Kind.OPEN_LETTER or any(
        ask.kind == Ask.Kind.SIGN and not ask.url for ask in campaign.asks.all()
    )


class PersonForm(forms.Form):
    """What a person is asked."""

    kind = Signature.Kind.PERSON
    name = LineField(
        label=_("Full name"),
        max_length=80,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto", "spellcheck": "false"}),
    )
    role = LineField(
        label=_("Who you are"),
        help_text=_("For example: teacher, shop steward, former prisoner."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        error_messages={"invalid_choice": _("Choose a country from the list, or rather not say.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    email = AddressField(
        label=_("Email"),
        help_text=_("We mail a link to it. It is shown to nobody."),
        max_length=254,
        error_messages={"required": _("Enter your email address, so that you can confirm.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "class": "ltr"}),
    )
    is_public = forms.TypedChoiceField(
        label=_("Show the name in the list of signatories?"),
        choices=[("yes", _("Yes, everyone may see it")), ("no", _("No, count it without the name"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether the name may be shown."),
            "invalid_choice": _("Say whether the name may be shown."),
        },
    )

    updates = forms.BooleanField(
        label=_("Tell me what becomes of this letter"),
        help_text=_("By email. Every mail has a link that ends it."),
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        country: forms.ChoiceField = self.fields["country"]  # type: ignore[assignment]  # declared above
        country.choices = [("", _("I would rather not say")), *countries]
        self.fields[HONEYPOT] = forms.CharField(label=_("Leave this empty"), required=False)

    def clean_website(self) -> str:
        if self.cleaned_data[HONEYPOT]:
            raise ValidationError(_("Leave this field empty. It is there to stop programs that fill in everything."))
        return ""

    def columns(self) -> dict[str, Any]:
        """What was answered, by column."""
        return {name: value for name, value in self.cleaned_data.items() if name != HONEYPOT}


class OrganisationForm(PersonForm):
    """What somebody is asked who signs for an organisation."""

    kind = Signature.Kind.ORGANISATION
    name = LineField(
        label=_("Name of the organisation"),
        max_length=120,
        error_messages={"required": _("Enter the name of the organisation.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto", "spellcheck": "false"}),
    )
    role = LineField(
        label=_("What it is"),
        help_text=_("For example: union of metal workers."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    members = forms.IntegerField(
        label=_("How many members does it speak for?"),
        required=False,
        min_value=1,
        max_value=MEMBERS_AT_MOST,
        error_messages={"invalid": _("Enter a whole number.")},
    )
    contact = LineField(
        label=_("Your name"),
        help_text=_("Whom a moderator may ask. It is shown to nobody else."),
        max_length=80,
        error_messages={"required": _("Enter your name, so that we know whom to ask.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto", "spellcheck": "false"}),
    )


class OtherSignatureError(Exception):
    """The same form came before with other words."""


def store(form: PersonForm, campaign: Campaign, stamp: Stamp) -> tuple[Signature, bool]:
    """Store a signature, pending; True when it is new, False when this form brought it before.

    Raises OtherSignatureError when this form's key already brought other words.
    """
    columns = form.columns()
    shape = digest([form.kind, sorted(columns.items())])
    try:
        with transaction.atomic():
            return Signature.objects.create(**columns, **facts(form, campaign, stamp), form_digest=shape), True
    except IntegrityError:
        signature = Signature.objects.get(form_key=stamp.key)
        if signature.form_digest != shape or signature.campaign_id != campaign.pk:
            raise OtherSignatureError from None
        return signature, False


def facts(form: PersonForm, campaign: Campaign, stamp: Stamp) -> dict[str, Any]:
    """The columns that nobody typed."""
    return {
        "campaign": campaign,
        "kind": form.kind,
        "form_key": stamp.key,
        "person_key": person_key(campaign, form.cleaned_data["email"]),
        "page_language": get_language() or "",
        "consent_version": CONSENT_VERSION,
        "expires_at": timezone.now() + TIME_TO_CONFIRM,
    }


def mail_link(signature: Signature) -> None:
    """Mail the link to sign, unless this mailbox had its share; nobody can tell from outside which it was."""
    if may_mail(signature.email):
        outbox.request_signature(signature)


def confirm(signature: Signature) -> bool:
    """Sign, once: a person counts from now on, an organisation when a moderator has looked at it.

    A person's address is not needed any more and deleted. False where nothing changes: a second click, or a mailbox
    that has signed before.
    """
    now = timezone.now()
    signature.state = SignatureState.SIGNED if signature.kind == Signature.Kind.PERSON else SignatureState.WAITING
    changes: dict[str, Any] = {
        "state": signature.state,
        "confirmed_at": now,
        "confirmed_on": timezone.localdate(now),
        "search_text": signature.words() if signature.is_listed else "",
    }
    if signature.kind == Signature.Kind.PERSON:
        changes["email"] = ""
    pending = Signature.objects.filter(pk=signature.pk, state=SignatureState.PENDING, expires_at__gt=Now())
    try:
        with transaction.atomic():
            is_new = bool(pending.update(**changes))
            if is_new and signature.updates:
                _subscribe(signature)
            return is_new
    except IntegrityError:
        pending.update(state=SignatureState.EXPIRED, **dict.fromkeys(PERSONAL, ""))
        return False


def _subscribe(signature: Signature) -> None:
    """The tick for updates becomes a subscription: the button confirmed the address too."""
    topics = [of_campaign(signature.campaign)]
    book.subscribe(signature.email, topics, language=signature.page_language, consent_version=signature.consent_version)


def standing(signature: Signature) -> Signature | None:
    """The confirmed signature of the same mailbox: this one, or the one that it gave before."""
    same = Signature.objects.filter(
        campaign=signature.campaign_id, kind=signature.kind, person_key=signature.person_key, state__in=STANDING
    )
    return same.first()
