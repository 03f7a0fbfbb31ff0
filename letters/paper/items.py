"""The parts that papers are made of: plain text, so that PDF, page and mail can't say different things."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from django.utils.html import strip_tags

from letters.paper.scripts import direction_of_language
from prisoners.fields import Translated

ISOLATE, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph. `label` stands before it: a date, a channel, a name. `kind`: prose, fact, point, head or letter.

    `language` is the one that the text is in, "" where it is of several or nobody's: then it runs as the paper does.
    """

    text: str
    language: str = ""
    label: str = ""
    kind: str = "prose"

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"; "" for the paper's own."""
        return direction_of_language(self.language) if self.language else ""

    @property
    def has_lines(self) -> bool:
        """Whether it is several lines below each other, as an address is."""
        return "\n" in self.text

    @property
    def isolated(self) -> str:
        """The text with each line isolated (UAX #9), so that a number stays one in a text from right to left.

        The typesetter does not know <bdi>.
        """
        return "\n".join(f"{ISOLATE}{line}{POP}" for line in self.text.splitlines())

    @property
    def line(self) -> str:
        """The paragraph with its label, or the number of a point, as plain text."""
        if self.kind == "point":
            return f"{self.label} {self.text}"
        return f"{self.label}: {self.text}" if self.label and self.text else self.label or self.text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under its own heading."""

    key: str
    title: str
    items: tuple[Item, ...]


def numbered(items: Iterable[Item]) -> Iterator[Item]:
    """The same with a number before each point."""
    number = count(1)
    return (replace(item, label=f"{next(number)}.") if item.kind == "point" else item for item in items)


def of(value: Translated, label: str = "", *, kind: str = "prose", more: str = "") -> Item:
    """The text nearest to the active language, with `more` in brackets."""
    text, language = value.shown()
    return Item(with_more(text, more), language, label, kind)


def with_more(text: str, more: str) -> str:
    """The text with `more` in brackets, before the full stop of its last sentence."""
    if not more:
        return text
    sentence = text.removesuffix(".")
    return f"{sentence} ({more}){text[len(sentence) :]}"


def said(label: str, text: str) -> Item:
    """A fact in words that may be of several languages."""
    return Item(text, "", label, "fact") if text else Item(label, kind="fact")


def head(text: str) -> Item:
    """A small heading inside a section."""
    return Item(text, "", "", "head")


def plain(markup: str) -> str:
    """The text of a filter that prints HTML."""
    return html.unescape(strip_tags(markup)).strip()
