"""The exact text for each chosen office, as the check page shows it and the confirmation freezes it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from campaigns.directory.reach import Office
from campaigns.models import Channel, ModelLetter
from campaigns.models.placeholders import SLOT
from letters.wording import PARAGRAPH, Sender, compose, model_body, neutral_closing
from letters.writing.offer import OWN_LANGUAGE, Offer
from prisoners.fields import Shown

FAX_COLUMNS = 85
FAX_LINES = 44
FAX_HEAD_LINES = 12
NOT_TRANSLATED = Shown("", "")


@dataclass(frozen=True)
class Card:
    """One text for one office over one channel. `channel` is None where the supporter carries it themselves.

    `reading` is the same in the language of the page, to be understood and not sent, where the organisers have it.
    """

    office: Office
    channel: Channel | None
    letter: ModelLetter | None
    language: str
    subject: str
    own_words: str
    body: str
    edited: bool
    text: str
    reading: Shown = NOT_TRANSLATED

    @property
    def has_words(self) -> bool:
        """Whether it says anything between salutation and signature."""
        return bool(self.own_words or self.body)

    @property
    def is_model_text(self) -> bool:
        """Whether it is the organisers' text and nothing else."""
        return bool(self.letter) and not self.own_words and not self.edited

    @property
    def addressee(self) -> str:
        """The lines at the head of the letter."""
        return self.office.addressee(self.language)

    @property
    def before(self) -> str:
        """The text up to the supporter's own words; all of it, where there are none."""
        return self.text.partition(self.own_words)[0] if self.own_words else self.text

    @property
    def after(self) -> str:
        return self.text.partition(self.own_words)[2] if self.own_words else ""

    @property
    def fax_pages(self) -> int:
        """About how many pages the text takes as a fax; 0 for another channel."""
        if self.channel != Channel.FAX:
            return 0
        lines = sum(math.ceil(len(line) / FAX_COLUMNS) or 1 for line in self.text.splitlines())
        return math.ceil((lines + FAX_HEAD_LINES) / FAX_LINES)

    def facts(self) -> list[str | int | None]:
        """What must still be the same when the supporter agrees to what was shown."""
        target = self.office.target.pk if self.office.target else None
        return [self.office.key, target, self.channel, self.language, self.subject, self.text]


def cards_for(offer: Offer, offices: list[Office], answers: Mapping[str, Any]) -> list[Card]:
    """One card for each of `offices` that was chosen: the addressed ones first, then those that get a copy.

    `answers` is the cleaned data of a WritingForm.
    """
    chosen = [office for office in offices if office.key in answers["targets"]]
    cards = [card_for(offer, office, answers) for office in chosen if not office.is_copy]
    copies = [copy_for(offer, office, cards[0], answers) for office in chosen if office.is_copy and cards]
    return [*cards, *copies]


def card_for(offer: Offer, office: Office, answers: Mapping[str, Any]) -> Card:
    """The text for one office."""
    letter = offer.letter_for(office)
    language = language_for(offer, office, letter, answers)
    own_words = answers["own_words"]
    edited = answers[f"body_{letter.key}"] if letter else ""
    is_own = letter is not None and answers[f"language_{letter.key}"] == OWN_LANGUAGE
    points = {int(point) for point in answers.get("points", [])}
    model = model_body(letter, language, points) if letter and not is_own else ""
    # Only what the organisers wrote is filled in: an edited text without their placeholders is taken literally.
    literal = edited if edited and not SLOT.search(model) else ""
    text = compose(
        office,
        language,
        sender(offer, answers),
        own_words=PARAGRAPH.join(filter(None, (own_words, literal))),
        body="" if literal else edited or model,
        closing=closing_of(letter, language, is_own=is_own),
        date=timezone.localdate(),
    )
    return Card(
        office=office,
        channel=channel_for(offer, office, answers),
        letter=letter,
        language=language,
        subject=subject(offer, letter, language),
        own_words=own_words,
        body=edited or model,
        edited=bool(edited),
        text=text,
        reading=NOT_TRANSLATED if edited or is_own else reading(offer, office, letter, language, answers),
    )


def reading(
    offer: Offer, office: Office, letter: ModelLetter | None, language: str, answers: Mapping[str, Any]
) -> Shown:
    """The letter in the language of the page, where that is another one and the organisers' text is there in it."""
    page = get_language() or ""
    points = {int(point) for point in answers.get("points", [])}
    model = model_body(letter, page, points) if letter and page != language else ""
    if letter is None or not model:
        return NOT_TRANSLATED
    closing = closing_of(letter, page, is_own=False)
    words = answers["own_words"]
    text = compose(office, page, sender(offer, answers), own_words=words, body=model, closing=closing)
    return Shown(text, page)


def closing_of(letter: ModelLetter | None, language: str, *, is_own: bool) -> str:
    """The organisers' closing. A text of the supporter's own never lacks one; the organisers' may close by itself."""
    written = letter.closing.get(language, "") if letter else ""
    return written or (neutral_closing(language) if letter is None or is_own else "")


def copy_for(offer: Offer, office: Office, original: Card, answers: Mapping[str, Any]) -> Card:
    """A visible copy of the first letter, headed by the line that says what it is."""
    with override(original.language):
        head = _("Copy, for your information, of a letter to: %(office)s") % {
            "office": original.office.name(original.language)
        }
    return Card(
        office=office,
        channel=channel_for(offer, office, answers),
        letter=original.letter,
        language=original.language,
        subject=original.subject,
        own_words=original.own_words,
        body=original.body,
        edited=original.edited,
        text=PARAGRAPH.join((head, original.text)),
    )


def sender(offer: Offer, answers: Mapping[str, Any]) -> Sender:
    """Who signs."""
    return Sender(
        name=answers["name"],
        role=answers["role"],
        organisation=answers["organisation"],
        city=answers["city"],
        country=offer.country,
    )


def language_for(offer: Offer, office: Office, letter: ModelLetter | None, answers: Mapping[str, Any]) -> str:
    """The language of the letter; where the supporter writes it all, that of its salutation."""
    page = get_language() or ""
    wanted = answers[f"language_{letter.key}"] if letter else ""
    if wanted and wanted != OWN_LANGUAGE:
        return str(wanted)
    if letter is None and office.languages and page not in office.languages:
        return office.languages[0]
    return offer.default_language(letter, page)


def channel_for(offer: Offer, office: Office, answers: Mapping[str, Any]) -> Channel | None:
    """The channel that was chosen, else the first that works."""
    first = next(iter(offer.channels(office)), None)
    chosen = answers.get(f"channel_{office.key}")
    return Channel(chosen) if chosen else first


def subject(offer: Offer, letter: ModelLetter | None, language: str) -> str:
    """The organisers' subject line, else the campaign's title."""
    text = letter.subject.shown(language).text if letter else ""
    return text or offer.campaign.title.shown(language).text
