"""The letter on paper: to print and post, and as a fax."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from letters.paper.pdf import Paper, typeset
from letters.paper.renderer import Typeset
from letters.paper.scripts import direction_of_language, direction_of_text

WINDOW_LINES = 5  # of the usual size that fit where the window of an envelope always shows them
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an address, in the direction of its first letter: an office's may differ from the letter's."""

    text: str

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return direction_of_text(self.text)


@dataclass(frozen=True)
class Sheet:
    """What letter and fax share. `text` is plain, with blank lines between its paragraphs, salutation to closing."""

    language: str
    addressee_lines: tuple[str, ...]
    text: str
    subject: str = ""
    sender_lines: tuple[str, ...] = ()
    date: str = ""

    @property
    def direction(self) -> str:
        """Return the direction of the letter's language."""
        return direction_of_language(self.language)

    @cached_property
    def paragraphs(self) -> list[str]:
        """Return the text cut at blank lines; single line breaks stay inside a paragraph."""
        text = self.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        return [part for part in _PARAGRAPH_BREAK.split(text) if part]

    @property
    def addressee(self) -> list[Line]:
        """Return the address block."""
        return lines(self.addressee_lines)

    @property
    def sender(self) -> list[Line]:
        """Return the sender's block."""
        return lines(self.sender_lines)


@dataclass(frozen=True)
class LetterSheet(Sheet):
    """A letter to print and post.

    Without sender and date there are ruled lines to fill in by hand. `signatory_lines` stand below the place for the
    signature; `signed=False` leaves both out, for a copy whose text ends with the name.
    """

    signatory_lines: tuple[str, ...] = ()
    signed: bool = True

    @property
    def signatory(self) -> list[Line]:
        """Return what stands below the signature."""
        return lines(self.signatory_lines)

    @property
    def has_long_address(self) -> bool:
        """Say whether the address needs small type to stay inside the envelope's window."""
        return len(self.addressee_lines) > WINDOW_LINES


@dataclass(frozen=True)
class FaxSheet(Sheet):
    """A fax, with the number as it is dialled."""

    number: str = ""


def lines(texts: tuple[str, ...]) -> list[Line]:
    """Return the lines that hold something."""
    return [Line(text) for text in texts if text.strip()]


def letter_pdf(sheet: LetterSheet, *, paper: Paper = "A4") -> Typeset:
    """Return the letter as a PDF.

    Raises:
        RenderingFailedError: there is none.
    """
    return _in_its_language("pdf/letter.html", sheet, paper, _("Letter"))


def fax_pdf(sheet: FaxSheet, *, paper: Paper = "A4") -> Typeset:
    """Return the fax as a PDF; `pages` is what its head says too.

    Raises:
        RenderingFailedError: there is none.
    """
    return _in_its_language("pdf/fax.html", sheet, paper, "Fax")


def _in_its_language(template: str, sheet: Sheet, paper: Paper, title: str | Promise) -> Typeset:
    """Words of ours are in the letter's language. The title tells nothing: a file's name and window show it."""
    with translation.override(sheet.language):
        return typeset(template, {"sheet": sheet, "title": title}, paper=paper)
