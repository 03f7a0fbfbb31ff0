"""Letters that supporters carry themselves: on paper, or from their own mailbox. Nothing of them is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.directory.reach import Office, postal_notice
from campaigns.models import Channel, ContactDetail, PostalNotice
from letters.paper.sheets import LetterSheet
from letters.wording import PARAGRAPH, Sender, country_name, formatted
from letters.writing.cards import Card, sender
from letters.writing.forms import WritingForm
from letters.writing.offer import Offer

A4, US_LETTER = "A4", "letter"
# Where paper in the size "Letter" is the usual one (ANSI/ASME Y14.1 instead of ISO 216).
LETTER_COUNTRIES = {"US", "CA", "MX", "PH", "CL", "CO", "CR", "GT", "NI", "PA", "SV", "VE", "DO", "PR"}
# Mail programs cut longer links, some of them silently.
MAILTO_LENGTH = 1900


class CarriedForm(WritingForm):
    """A text to take along. The name may stay blank, to be signed by hand."""

    def __init__(self, data: Any = None, *, offer: Offer, offices: list[Office], wanted: str = "") -> None:
        super().__init__(data and among(data, offices), offer=offer, offices=offices)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("Leave it blank and sign by hand, and nothing at all is asked of you.")
        if wanted in [office.key for office in offices]:
            self.fields["targets"].initial = [wanted]

    def preview(self) -> CarriedForm:
        """Itself once something was sent, else the same form as it stands, so that there is a text to see at once."""
        return self if self.is_bound else type(self)(self._as_it_stands(), offer=self.offer, offices=self.offices)

    def _as_it_stands(self) -> MultiValueDict[str, str]:
        values = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        return MultiValueDict({name: as_list(value) for name, value in values.items() if value})

    def written(self) -> list[Card]:
        """The text for each chosen office; none while something is wrong or there are no words yet."""
        return self.cards if self.is_valid() else []


def among(data: MultiValueDict[str, str], offices: list[Office]) -> MultiValueDict[str, str]:
    """`data` of page 1 without the offices that can't be reached this way; if none is left, with all that can."""
    keys = [office.key for office in offices]
    chosen = data.getlist("targets")
    known = [key for key in chosen if key in keys]
    data = data.copy()
    if known != chosen:
        data.setlist("targets", known or keys)
    return data


def as_list(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


class PrintForm(CarriedForm):
    """The same on paper."""

    paper = forms.ChoiceField(label=_("Paper"), choices=[(A4, "A4"), (US_LETTER, "US Letter")], required=False)

    def __init__(self, data: Any = None, *, offer: Offer, offices: list[Office], wanted: str = "") -> None:
        super().__init__(data, offer=offer, offices=offices, wanted=wanted)
        self.fields["paper"].initial = US_LETTER if offer.country in LETTER_COUNTRIES else A4


@dataclass(frozen=True)
class PaperLetter:
    """A letter on paper with its envelope and what to know of the post."""

    card: Card
    sheet: LetterSheet
    contact: ContactDetail
    country: str
    notice: PostalNotice | None
    is_abroad: bool

    @property
    def key(self) -> str:
        return self.card.office.key

    @property
    def preview(self) -> str:
        """All that is printed, in the order of the sheet."""
        sheet = self.sheet
        head = "\n".join(filter(None, (*sheet.sender_lines, sheet.date)))
        blocks = ("\n".join(sheet.addressee_lines), head, sheet.subject, sheet.text, "\n".join(sheet.signatory_lines))
        return PARAGRAPH.join(filter(None, blocks))

    @property
    def envelope(self) -> str:
        """The lines for the envelope, in the script of the country it goes to; the country in the sender's language."""
        return "\n".join(filter(None, (*address_lines(self.card, self.contact.value), self.country)))

    @property
    def latin_envelope(self) -> str:
        """The same in Latin letters, where the address has another script."""
        latin = self.contact.latin_value
        return "\n".join((*address_lines(self.card, latin), self.country)) if latin else ""


def paper_letter(form: CarriedForm, card: Card) -> PaperLetter:
    """The letter of a card whose office has a postal address that works."""
    contact = card.office.contact(Channel.POST)
    if contact is None:
        raise ValueError(f"{card.office.key} has no postal address")
    country = country_line(contact)
    notice = postal_notice(str(contact.country), form.offer.country) if contact.country else None
    is_abroad = str(contact.country) != form.offer.country
    return PaperLetter(card, sheet_for(form, card, contact, country), contact, country, notice, is_abroad)


def country_line(contact: ContactDetail) -> str:
    """The country in the sender's language, in capitals; "" where the address ends with it anyway."""
    country = country_name(str(contact.country), get_language() or "")
    last = contact.value.splitlines()[-1] if contact.value else ""
    return "" if last.casefold() == country.casefold() else country.upper()


def sheet_for(form: CarriedForm, card: Card, contact: ContactDetail, country: str) -> LetterSheet:
    """What is printed. Without a name the places for sender, date and signature stay blank."""
    who = sender(form.offer, form.cleaned_data)
    signature = who.signature(card.language)
    name = bool(who.name)
    return LetterSheet(
        language=card.language,
        addressee_lines=tuple(filter(None, (*address_lines(card, contact.value), country))),
        text=card.text.removesuffix(PARAGRAPH + signature),
        subject=card.subject,
        sender_lines=tuple(sender_block(who, card.language)) if name else (),
        date=formatted(timezone.localdate(), card.language) if name else "",
        signatory_lines=tuple(signature.splitlines()) if name else (),
    )


def address_lines(card: Card, address: str) -> list[str]:
    """Who it is for, and the lines of the postal address, none of them twice."""
    return list(dict.fromkeys([*card.addressee.splitlines(), *address.splitlines()]))


def sender_block(who: Sender, language: str) -> list[str]:
    return [line for line in (who.name, who.city, country_name(who.country, language)) if line]


def mail_addresses(office: Office) -> list[str]:
    """What goes into the line "To" of one mail to `office`; none where it has no email address that works."""
    return [contact.value for contact in office.mailboxes]


def onward(card: Card, *, on_website: bool = False) -> str:
    """A link that opens the letter in a mail program, or the office's own form where it has no email address.

    The text is left out where it is too long for a link.
    """
    mailboxes, form = mail_addresses(card.office), card.office.contact(Channel.WEB_FORM)
    if on_website or not mailboxes:
        return form.value if form else ""
    # RFC 6068, 2: the addresses are separated by commas.
    link = f"mailto:{','.join(quote(address, safe='@') for address in mailboxes)}?subject={quote(card.subject)}"
    whole = f"{link}&body={quote(card.text.replace(chr(10), chr(13) + chr(10)))}"
    return whole if len(whole) <= MAILTO_LENGTH else link
