"""A card to a person in prison: the words to post, and a page to keep that says how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import formats, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import SiteIdentity
from letters.paper.items import Item, of, said
from letters.paper.pdf import Paper, typeset
from letters.paper.renderer import Typeset
from letters.paper.scripts import direction_of_language, direction_of_text
from letters.wording import country_name
from prisoners.models import MailRules, Person, PersonName, PrisonerAddress
from prisoners.templatetags.words import language_name

# To write on by hand; so many leave the airmail edge at the foot of either paper.
LINES = 19


@dataclass(frozen=True)
class Way:
    """How a card reaches a person: by which address, under which rules.

    `address` is None where the organisers collect and post, because there is none or it is being checked.
    """

    person: Person
    address: PrisonerAddress | None
    rules: MailRules | None

    @property
    def called(self) -> str:
        """Their name as the reader's language writes it."""
        return self.person.called(get_language() or "")

    @property
    def envelope(self) -> str:
        """The lines for the envelope, as the post there reads them; the country in the sender's language."""
        return self._lines(self.name, self.address.lines) if self.address else ""

    @property
    def latin_envelope(self) -> str:
        """The same in Latin letters, where the address has another script."""
        latin = self.address.latin_lines if self.address else ""
        return self._lines(self.person.name, latin) if latin else ""

    def _lines(self, name: str, lines: str) -> str:
        assert self.address  # noqa: S101  # both callers have looked
        country = country_name(str(self.address.country), get_language() or "").upper()
        return "\n".join(filter(None, [name, self.address.prisoner_number, *lines.splitlines(), country]))

    @property
    def name(self) -> str:
        """The name that the envelope must carry, which may not be the one they are known by."""
        chosen = self.address.envelope_name if self.address else ""
        names = (row.text for row in self.person.names.all() if row.kind == PersonName.Kind.ENVELOPE)
        return chosen or next(names, self.person.name)

    @property
    def advice(self) -> list[Item]:
        """The rules of the mail there, in the reader's language."""
        return list(advice(self.rules)) if self.rules else []


def advice(rules: MailRules) -> Iterator[Item]:
    """What to write and what to leave out, in which languages, and whether to say who writes."""
    if rules.languages:
        yield said(_("Languages"), _(", ").join(language_name(code) for code in rules.languages))
    if rules.write_about:
        yield of(rules.write_about, _("What to write"))
    if rules.avoid:
        yield of(rules.avoid, _("What to leave out"))
    if rules.name_organisation is not None:
        yield said(_("Name an organisation"), _("Yes") if rules.name_organisation else _("No"))
    if rules.return_address:
        yield said(_("Your own address"), str(rules.get_return_address_display()))
    if rules.note:
        yield of(rules.note, _("More"))
    if rules.checked_on:
        yield said(_("Checked on"), formats.date_format(rules.checked_on))


@dataclass(frozen=True)
class Card:
    """What is printed. Without words there are lines to write on."""

    way: Way
    language: str
    words: str = ""
    name: str = ""

    @property
    def direction(self) -> str:
        """Return the direction of the words, which may not be in the page's language."""
        return direction_of_text(self.words) if self.words else direction_of_language(self.language)

    @property
    def paragraphs(self) -> list[str]:
        """Return the words by paragraphs; single line breaks stay inside."""
        return [part for part in self.words.split("\n\n") if part.strip()]


def card_pdf(card: Card, *, paper: Paper = "A4") -> Typeset:
    """Return the card and the page to keep.

    Raises:
        RenderingFailedError: there is none.
    """
    with translation.override(card.language):
        context: dict[str, Any] = {"card": card, "way": card.way, "direction": direction_of_language(card.language)}
        context |= {"identity": SiteIdentity.current(), "lines": range(LINES)}
        return typeset("pdf/card.html", context, paper=paper, styles=("css/pdf/campaign.css",))
