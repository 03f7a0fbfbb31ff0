"""Kinds of value that fill several columns: dates in words, lengths of sentences, numbers with "at least"."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.files.kinds import WORDS, Choice, Kind, Plain, Reading
from campaigns.files.problems import did_you_mean
from campaigns.files.reader import Entries, Node
from prisoners.fields import FuzzyDate, Precision, Translated
from prisoners.models import Sentence

FORMS = (len("2009"), len("2009-05"), len("2009-05-12"))
PARTS = ("text", "from", "to", "about", "since", "until", "precision")


class Date(Kind):
    """A date as people give it: 2009-05, words, or both."""

    means = "2009, 2009-05, 2009-05-12, words, or {text: …, from: …, to: …}"
    called = "date"

    def read(self, node: Node, reading: Reading) -> FuzzyDate | None:
        if isinstance(node, Entries):
            return self._parts(node, reading)
        text = reading.text(node, self.means)
        if text is None:
            return None
        if re.match(r"[0-9/.\-\s]*$", text) and text:
            return self._days(node, reading)
        return FuzzyDate(Translated({reading.language: text}))

    def _days(self, node: Node, reading: Reading) -> FuzzyDate | None:
        """The days of 2009, 2009-05 or 2009-05-12."""
        text = reading.text(node, "a date")
        try:
            return None if text is None else FuzzyDate.parse(text)
        except ValueError:
            reading.refuse(node, f"“{text}” is not a date like 2009-05-12, 2009-05 or 2009. Words go into quotes.")
            return None

    def _parts(self, node: Entries, reading: Reading) -> FuzzyDate | None:
        for name, below in node.nodes.items():
            if name not in PARTS:
                reading.refuse(below, f"“{name}” is not part of a date.{did_you_mean(name, PARTS)}")
        firsts = [name for name in ("from", "about", "since", "until") if name in node.nodes]
        if len(firsts) > 1:
            reading.refuse(node, f"Give one of {' and '.join(firsts)}, not both.")
            return None
        if "to" in node.nodes and not {"from", "about"} & set(firsts):
            reading.refuse(node.nodes["to"], "“to” needs “from” or “about”.")
            return None
        words = WORDS.read(node.nodes["text"], reading) if "text" in node.nodes else None
        first = self._days(node.nodes[firsts[0]], reading) if firsts else FuzzyDate()
        last = self._days(node.nodes["to"], reading) if "to" in node.nodes else None
        if first is None:
            return None
        date = _span(first, last, firsts[0] if firsts else "")
        if date.start and date.end and date.end < date.start:
            reading.refuse(node, "The date ends before it starts.")
        precision = Choice(Precision).read(node.nodes["precision"], reading) if "precision" in node.nodes else None
        return dataclasses.replace(
            date, text=words or Translated(), precision=date.precision if precision is None else Precision(precision)
        )

    def write(self, value: FuzzyDate, language: str) -> Plain:
        words = {"text": WORDS.write(value.text, language)} if value.text else {}
        days = _written(value)
        if not days:
            text = words.get("text", "")
            looks_like_days = isinstance(text, str) and re.match(r"[0-9/.\-\s]*$", text)
            return words if looks_like_days or not isinstance(text, str) else text
        if set(days) == {"from"} and not words:
            return days["from"]
        return {**words, **days}

    def merge(self, now: FuzzyDate, new: FuzzyDate, *, update: bool) -> FuzzyDate:
        if not now or update or now == new:
            return new
        if (now.precision, now.start, now.end) != (new.precision, new.start, new.end):
            raise ValueError
        return dataclasses.replace(now, text=WORDS.merge(now.text, new.text, update=False))


def _span(first: FuzzyDate, last: FuzzyDate | None, how: str) -> FuzzyDate:
    """The days from `first` to `last` as the word before them means them; open ends keep how exact they are."""
    if how == "since":
        return dataclasses.replace(first, end=None)
    if how == "until":
        return dataclasses.replace(first, start=None)
    end = last.end if last else first.end
    if how == "about":
        return FuzzyDate(precision=Precision.ABOUT, start=first.start, end=end)
    return FuzzyDate(precision=Precision.RANGE, start=first.start, end=end) if last else first


def _written(date: FuzzyDate) -> dict[str, str]:
    """The days of `date` as a file gives them, so that reading them gives the same date again."""
    for days in _ways(date):
        firsts = [FuzzyDate.parse(text) for text in days.values()]
        how = next(iter(days))
        if _span(firsts[0], firsts[1] if len(firsts) > 1 else None, how) == dataclasses.replace(
            date, text=Translated()
        ):
            return days
    ends = {"from": date.start, "to": date.end} if date.start and date.end else {"since": date.start, "until": date.end}
    shown = {name: day.isoformat() for name, day in ends.items() if day}
    return {**shown, "precision": date.precision.value} if date.precision or shown else {}


def _ways(date: FuzzyDate) -> Iterator[dict[str, str]]:
    """The ways to write the days, shortest first."""
    start, end = (day.isoformat() if day else "" for day in (date.start, date.end))
    for length in FORMS:
        if start and end:
            yield {"from": start[:length]}
            yield {"about": start[:length]}
            yield {"from": start[:length], "to": end[:length]}
            yield {"about": start[:length], "to": end[:length]}
        elif start or end:
            yield {"since": start[:length]} if start else {"until": end[:length]}


LENGTH = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?\s+(\w+)")
UNITS = {
    **{unit.removesuffix("s"): unit for unit in Sentence.Unit.values},
    **{unit: unit for unit in Sentence.Unit.values},
}


class Length(Kind):
    """How long a sentence is: shortest, longest and unit of `Sentence`."""

    means = "12 years, 3-8 years, 15 days, life or fine"

    def read(self, node: Node, reading: Reading) -> tuple[int | None, int | None, str] | None:
        text = reading.text(node, self.means)
        if text is None:
            return None
        if text in (Sentence.Unit.LIFE, Sentence.Unit.FINE):
            return None, None, text
        match = LENGTH.fullmatch(text)
        if match is None or match[3] not in UNITS:
            reading.refuse(node, f"Expected {self.means}, found “{text}”. Put other words into “text”.")
            return None
        return int(match[1]), int(match[2]) if match[2] else None, UNITS[match[3]]

    def write(self, value: tuple[int | None, int | None, str], language: str) -> Plain:  # noqa: ARG002  # All alike.
        shortest, longest, unit = value
        if shortest is None:
            return "" if unit == Sentence.Unit.OTHER else unit
        return f"{shortest}-{longest} {unit}" if longest is not None else f"{shortest} {unit}"


@dataclass(frozen=True)
class Count(Kind):
    """A number and how exact it is: "at least 10000", "about 20", "7", "all"."""

    exactly: str
    qualifiers: tuple[str, ...]

    means = "12, about 20, at least 10000"

    def read(self, node: Node, reading: Reading) -> tuple[int | None, str] | None:
        text = reading.text(node, self.means)
        if text is None:
            return None
        if text == "all" and "all" in self.qualifiers:
            return None, "all"
        words, _, digits = text.rpartition(" ")
        number = digits.replace(",", "")
        qualifier = words.strip().replace(" ", "_") or self.exactly
        if not re.fullmatch(r"[0-9]{1,9}", number) or qualifier not in (self.exactly, *self.qualifiers):
            reading.refuse(node, f"Expected a number such as {self.means}, found “{text}”.")
            return None
        return int(number), qualifier

    def write(self, value: tuple[int | None, str], language: str) -> Plain:  # noqa: ARG002  # All kinds alike.
        number, qualifier = value
        words = "" if qualifier == self.exactly else qualifier.replace("_", " ")
        return " ".join(filter(None, [words, "" if number is None else str(number)]))


DATE, LENGTH_OF_SENTENCE = Date(), Length()
