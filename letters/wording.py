"""A text for one office. Check page, mail, fax and print all use this, so that they can't differ."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext, pgettext
from django_countries import countries

from campaigns.directory.reach import Office
from campaigns.models import ModelLetter
from campaigns.models.placeholders import SLOT, fill

PARAGRAPH = "\n\n"


@dataclass(frozen=True)
class Sender:
    """Who signs. Everything but the name may be empty; for print the name may be too."""

    name: str = ""
    role: str = ""
    organisation: str = ""
    city: str = ""
    country: str = ""

    def signature(self, language: str) -> str:
        """The lines below the closing."""
        with translation.override(language):
            comma = gettext(", ")
        place = comma.join(filter(None, (self.city, country_name(self.country, language))))
        belongs = comma.join(filter(None, (self.role, self.organisation)))
        return "\n".join(filter(None, (self.name, belongs, place)))


def country_name(code: str, language: str) -> str:
    """The country's name in `language`; "" for ""."""
    with translation.override(language):
        return str(countries.name(code)) if code else ""


def model_body(letter: ModelLetter, language: str, points: Collection[int] | None = None) -> str:
    """The model text between the supporter's own words and the closing, placeholders unfilled.

    Args:
        letter: the model letter.
        language: the language of the letter; a text that lacks it is left out rather than mixed in.
        points: ids of the chosen points, where the letter has points; None: all. Locked ones are always in.
    """
    chosen = [point for point in letter.points.all() if points is None or point.locked or point.pk in points]
    texts = (letter.opening, letter.body, *(point.text for point in chosen))
    parts = [text.get(language, "").strip() for text in texts]
    return PARAGRAPH.join(filter(None, parts))


def compose(
    office: Office,
    language: str,
    sender: Sender,
    *,
    own_words: str = "",
    body: str = "",
    closing: str = "",
    date: dt.date | None = None,
) -> str:
    """The full plain text for `office`: salutation, own words, text, closing, signature; paragraphs by empty lines.

    Placeholders are filled in `body` and `closing`, the organisers' texts, in one pass; own words and the sender's
    fields go in as they are. A text that sets its own `{{salutation}}` gets no second one.
    """
    values = {
        "salutation": office.salutation(language),
        "address_form": office.address_form(language),
        "name": sender.name,
        "city": sender.city,
        "country": country_name(sender.country, language),
        "organisation": sender.organisation,
        "date": formatted(date, language),
    }
    salutation = "" if "salutation" in SLOT.findall(body) else values["salutation"]
    parts = (
        salutation,
        own_words.strip(),
        fill(body, values).strip(),
        fill(closing, values).strip(),
        sender.signature(language),
    )
    return PARAGRAPH.join(part for part in parts if part)


def neutral_closing(language: str) -> str:
    """How a letter in the supporter's own words ends, where the organisers wrote no closing for it."""
    with translation.override(language):
        return pgettext("closing of a letter", "Yours sincerely,")


def formatted(date: dt.date | None, language: str) -> str:
    """`date` as people write it in `language`; "" for None."""
    with translation.override(language):
        return formats.date_format(date, "DATE_FORMAT") if date else ""


def text_hash(text: str) -> str:
    """The keyed hash of a frozen text: HMAC-SHA256 in hex, so that a text can be proved but not guessed."""
    return hmac.new(settings.TOKEN_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
