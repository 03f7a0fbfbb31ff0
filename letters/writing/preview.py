"""The letters as they stand while somebody writes: whatever is missing or wrong, and how much room is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Channel
from letters.writing.cards import Card, cards_for
from letters.writing.fields import TEXT_BYTES, TextField
from letters.writing.forms import WritingForm


@dataclass(frozen=True)
class Draught:
    """The text for one office, and its length in words against what the way that it goes can take."""

    card: Card
    length: str
    is_too_long: bool


@dataclass(frozen=True)
class Preview:
    """All that page 1 shows of the letters that would come of it. `problems` are sentences about the texts."""

    draughts: list[Draught]
    problems: list[str]

    @property
    def summary(self) -> str:
        """What a screen reader is told. It stays the same while somebody merely types on, so it is not told again."""
        if self.problems:
            return self.problems[0]
        number = len(self.draughts)
        too_long = sum(draught.is_too_long for draught in self.draughts)
        if too_long:
            return ngettext("%(n)s letter is too long.", "%(n)s letters are too long.", too_long) % {"n": too_long}
        if not number:
            return _("Choose at least one office to see your letter.")
        return ngettext("%(n)s letter, as it would be sent.", "%(n)s letters, as they would be sent.", number) % {
            "n": number
        }


def preview_of(form: WritingForm) -> Preview:
    """The preview of a form, filled in or not."""
    problems: list[str] = []
    answers = {name: answer(form, name, field, problems) for name, field in form.fields.items()}
    return Preview([measured(card) for card in cards_for(form.offer, form.offices, answers)], problems)


def answer(form: WritingForm, name: str, field: Field, problems: list[str]) -> Any:
    """What a field says so far; nothing where it is wrong, and a sentence in `problems` where a text is."""
    if form.is_bound:
        value = field.widget.value_from_datadict(form.data, form.files, name)
    else:
        value = form.get_initial_for_field(field, name)
    try:
        return field.clean(value)
    except ValidationError as error:
        if value and isinstance(field, TextField):
            problems += error.messages
        return [] if isinstance(value, list) else ""


def for_website(card: Card) -> Draught:
    """A card with its length against what the office's own web form takes, as far as that is known."""
    form = card.office.contact(Channel.WEB_FORM)
    size, most = len(card.text), form.most_characters if form else None
    if most is None:
        return Draught(card, ngettext("%(n)s character", "%(n)s characters", size) % {"n": size}, is_too_long=False)
    return Draught(card, characters(size, most), size > most)


def characters(size: int, most: int) -> str:
    """A length against its limit, in words."""
    words = ngettext("%(n)s character, of at most %(most)s", "%(n)s characters, of at most %(most)s", size)
    return words % {"n": size, "most": most}


def measured(card: Card) -> Draught:
    """A card with its length. Of what goes by fax the pages are estimated: typesetting would take a second."""
    if card.channel == Channel.FAX:
        pages, most = card.fax_pages, settings.FAX_MAX_PAGES
        length = ngettext("about %(n)s page, of at most %(most)s", "about %(n)s pages, of at most %(most)s", pages)
        return Draught(card, length % {"n": pages, "most": most}, pages > most)
    size = len(card.text)
    # The limit is one of bytes, of which a letter has one or more, by its script.
    most = int(TEXT_BYTES * size / max(1, len(card.text.encode()))) // 100 * 100
    return Draught(card, characters(size, most), size > most)
