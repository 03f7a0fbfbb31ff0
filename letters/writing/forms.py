"""The forms of the supporter's way. Their field names stay: other programs know them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.directory.reach import Office
from campaigns.models import Campaign, Channel, ContactDetail, ModelLetter
from letters.wording import model_body
from letters.writing.cards import Card, cards_for
from letters.writing.drafts import Stamp
from letters.writing.fields import TEXT_BYTES, AddressField, LineField, TextField
from letters.writing.identity import canonical
from letters.writing.offer import AT_RISK, NOT_AT_RISK, OWN_LANGUAGE, Offer, default_texts

NAME_LENGTH = 80
ORIGIN, QUIET = "from", "quiet"
# A field that people don't see and scripts fill in.
HONEYPOT = "website"


class OriginForm(forms.Form):
    """Where a supporter writes from, and whether that is a risk.

    It decides the embassy, the channels, postal rules, and how little is asked and kept. Risk is a question of its own:
    who lives in exile may have family at home.
    """

    quiet = forms.ChoiceField(required=False, choices=[(AT_RISK, AT_RISK), (NOT_AT_RISK, NOT_AT_RISK)])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields[ORIGIN] = forms.ChoiceField(
            label=_("Country"),
            required=False,
            choices=[("", _("I would rather not say")), *countries],
            error_messages={"invalid_choice": _("Choose a country from the list, or rather not say.")},
            widget=forms.Select(attrs={"autocomplete": "country"}),
        )

    def offer(self, campaign: Campaign) -> Offer:
        """What `campaign` offers there; a wrong answer counts as "rather not say"."""
        if not self.is_valid():
            return Offer(campaign, "")
        return Offer(campaign, self.cleaned_data[ORIGIN], self.cleaned_data[QUIET])


class BodyField(TextField):
    """The whole text of a model letter, which the supporter may edit. What was not edited comes back as ""."""

    def __init__(self, letter: ModelLetter, languages: list[str], language: str, stamp: Stamp | None) -> None:
        self.defaults = {self.tidied(text) for text in default_texts(letter, languages)}
        self.stamp = stamp
        widget = forms.Textarea(attrs={"rows": 16, "lang": language, "dir": "auto"})
        super().__init__(
            required=False, initial=model_body(letter, language), widget=widget, label=_("The whole letter")
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return "" if self.is_default(text) else text

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show the model text in the language that is chosen now, unless it was edited."""
        return initial if self.is_default(self.tidied(data or "")) else data

    def is_default(self, text: str) -> bool:
        return not text or text in self.defaults or (self.stamp is not None and self.stamp.has_shown(text))


class WritingForm(forms.Form):
    """A text for one or more offices and who signs it: what every way to write has in common."""

    # Whether this site sends it: only then do channels and the queues of offices matter.
    sent_by_us = False

    own_words = TextField(
        label=_("Why are you writing? One or two sentences"),
        help_text=_("For example: who you are, where you live, why this matters to you."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    name = LineField(
        label=_("Full name"),
        help_text=_("As it will stand below your letter."),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter your name, as it should stand below your letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto", "spellcheck": "false"}),
    )
    city = LineField(
        label=_("Town"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"}),
    )
    organisation = LineField(
        label=_("Organisation or union"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    role = LineField(
        label=_("Your role there"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        offer: Offer,
        offices: list[Office],
        stamp: Stamp | None = None,
        reopened: Any = None,
    ) -> None:
        """Make the form. `reopened` is what was typed before, to be shown again without judging it."""
        super().__init__(data, use_required_attribute=False)
        self.stamp = stamp
        self.typed = reopened if data is None else data
        self.offer, self.offices = offer, offices
        self.letters = offer.letters_for(office for office in offices if not office.is_copy)
        self.fields["targets"] = forms.MultipleChoiceField(
            label=_("Who it goes to"),
            choices=[(office.key, office.name()) for office in offices],
            initial=self._at_first(),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Choose at least one office."),
                "invalid_choice": _(
                    "One of the offices can’t be written to from here any more. Look at your choice again."
                ),
            },
        )
        if not self.letters:
            self._ask_for_whole_letter()
        for letter in self.letters:
            self._add_letter(letter)
        self._add_points()

    def reopen(self) -> None:
        """Show again what was typed."""
        if not self.is_bound and self.typed is not None:
            for name, field in self.fields.items():
                typed = field.widget.value_from_datadict(self.typed, {}, name)
                self.initial[name] = field.bound_data(typed, field.initial)

    def _at_first(self) -> list[str]:
        """The offices that are ticked at first: those with a text to start from; all, where there is none."""
        worded = [office.key for office in self.offices if office.is_copy or self.offer.letter_for(office)]
        return worded if self.letters else [office.key for office in self.offices]

    def _ask_for_whole_letter(self) -> None:
        """There is no model text: own words are the letter."""
        field = self.fields["own_words"]
        field.required = True
        field.label = _("Your letter")
        field.help_text = _("Who you are, why you write, and what you ask for. Half a page is enough.")
        field.error_messages["required"] = _("Write your letter. There is no model text for it.")
        field.widget.attrs["rows"] = 12

    def _add_letter(self, letter: ModelLetter) -> None:
        languages = self.offer.languages(letter)
        default = self.offer.default_language(letter, get_language() or "")
        choices = [(code, language_name(code)) for code in languages]
        self.fields[f"language_{letter.key}"] = forms.ChoiceField(
            label=_("Language of the letter"),
            required=False,
            initial=default,
            choices=[*choices, (OWN_LANGUAGE, _("another language: I write it myself"))],
            error_messages={"invalid_choice": _("Choose a language from the list.")},
        )
        language = self.chosen_language(letter) or default
        self.fields[f"body_{letter.key}"] = BodyField(letter, languages, language, self.stamp)

    def _add_points(self) -> None:
        free = [point for letter in self.letters for point in letter.points.all() if not point.locked]
        if free:
            self.fields["points"] = forms.MultipleChoiceField(
                label=_("Points you want to make"),
                required=False,
                choices=[(str(point.pk), str(point.text)) for point in free],
                initial=[str(point.pk) for point in free],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("One of the points was changed. Look at them again.")},
            )

    def model_texts(self) -> list[str]:
        """The model texts in the form's fields."""
        return [str(self.fields[f"body_{letter.key}"].initial) for letter in self.letters]

    def chosen_language(self, letter: ModelLetter) -> str:
        """The language asked for in what was sent; "" if none, or not one that the text has."""
        wanted = self.typed.get(f"language_{letter.key}", "") if self.typed is not None else ""
        return wanted if wanted in self.offer.languages(letter) else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.cards = cards_for(self.offer, self.offices, cleaned)
            self._check_cards()
        return cleaned

    def _check_cards(self) -> None:
        if all(card.office.is_copy for card in self.cards):
            self.add_error("targets", _("Choose at least one office that the letter is for, not only for a copy."))
        empty = next((card for card in self.cards if not card.has_words), None)
        if empty:
            message = gettext("Write your letter to %(office)s: there is no model text for it.")
            self.add_error("own_words", message % {"office": empty.office.name()})
        if any(len(card.text.encode()) > TEXT_BYTES for card in self.cards):
            self.add_error("own_words", _("Your words and the letter together are too long. Shorten one of them."))

    cards: list[Card]


class OwnAddressField(AddressField):
    """The supporter's address. That of an office is refused: nobody writes in an office's name."""

    def clean(self, value: Any) -> str:
        email = super().clean(value)
        spellings = {email.lower(), canonical(email)}
        if email and ContactDetail.objects.filter(channel=Channel.EMAIL, value__in=spellings).exists():
            raise ValidationError(_("This is the address of an office. Enter your own."), code="office")
        return email


def own_address(help_text: Any) -> OwnAddressField:
    return OwnAddressField(
        label=_("Email"),
        help_text=help_text,
        max_length=254,
        error_messages={"required": _("Enter your email address. We mail you a link to confirm.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "size": 34}),
    )


class OwnAddressForm(forms.Form):
    """Another address for the link to confirm."""

    use_required_attribute = False
    email = own_address("")


# What makes us keep who wrote, or tells others.
NOT_DISCREET = ("reply_to_me", "copies", "updates", "in_dossier")


class LetterForm(WritingForm):
    """Page 1: a letter that this site sends once it is confirmed."""

    sent_by_us = True

    email = own_address(_("To confirm that it is you. The office does not see it unless you say so below."))
    reply_to_me = forms.BooleanField(
        label=_("The office may answer me directly"),
        help_text=_("It will see your email address. Otherwise answers come to us."),
        required=False,
    )
    updates = forms.BooleanField(
        label=_("Tell me what becomes of this case"),
        help_text=_("By email. Every mail has a link that ends it."),
        required=False,
    )
    in_dossier = forms.BooleanField(
        label=_("Lawyers or a delegation may hand my letter over on paper"),
        help_text=_("As it is sent, with your name below it."),
        required=False,
    )

    def __init__(self, data: Any = None, *, offer: Offer, stamp: Stamp | None = None, reopened: Any = None) -> None:
        super().__init__(data, offer=offer, offices=offer.sendable, stamp=stamp, reopened=reopened)
        addresses = [copy.name or copy.email for copy in offer.campaign.copy_addresses.all()]
        if addresses:
            self.fields["copies"] = forms.BooleanField(
                label=_("Send a copy of my letters to the campaign"),
                help_text=_("To: %(addresses)s") % {"addresses": ", ".join(addresses)},
                required=False,
                initial=True,
            )
        for office in self.offices:
            self._add_channel(office)
        if offer.is_discreet:
            self._ask_for_less()
        self.fields[HONEYPOT] = forms.CharField(label=_("Leave this empty"), required=False)
        self.reopen()

    def _ask_for_less(self) -> None:
        """Who could be in danger needs no name, and is offered nothing for which something would have to be kept."""
        for name in NOT_DISCREET:
            self.fields.pop(name, None)
        self.fields["name"].required = False
        self.fields["name"].label = _("Name or pseudonym")
        self.fields["name"].help_text = _("As it will stand below your letter. You may leave it blank.")

    def _add_channel(self, office: Office) -> None:
        channels = self.offer.channels(office)
        if len(channels) > 1:
            self.fields[f"channel_{office.key}"] = forms.ChoiceField(
                label=_("Goes by"),
                required=False,
                choices=[(channel.value, channel.label) for channel in channels],
                error_messages={"invalid_choice": _("This way is not open any more. Choose another.")},
            )

    def clean_website(self) -> str:
        if self.cleaned_data[HONEYPOT]:
            raise ValidationError(_("Leave this field empty. It is there to stop programs that fill in everything."))
        return ""


def language_name(code: str) -> str:
    """The language's own name, and its code where Django knows no name."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code
