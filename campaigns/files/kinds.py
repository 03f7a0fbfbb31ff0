"""The kinds of value in a campaign file: each reads a node and writes the same again.

`read` notes what is wrong and returns None; `write` gives plain strings, lists and mappings.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from campaigns.files.codes import country_hint, is_country, is_language
from campaigns.files.problems import Place, Problems, did_you_mean
from campaigns.files.reader import Entries, Items, Node, Text
from prisoners.fields import Translated

Plain = str | list[Any] | dict[str, Any]
Find = Callable[[type[models.Model], str], models.Model]


@dataclass(frozen=True)
class Mention:
    """A place where a file names a row that is described elsewhere; `within` is the slug that owns local keys."""

    model: type[models.Model]
    key: str
    within: str
    place: Place


@dataclass
class Reading:
    """What reading one file needs and gathers."""

    problems: Problems
    language: str = "en"
    region: str = ""
    """The country whose numbers are written without country code."""
    within: str = ""
    mentions: list[Mention] = field(default_factory=list)
    declared: set[tuple[type[models.Model], str, str]] = field(default_factory=set)

    def refuse(self, node: Node, message: str) -> None:
        self.problems.add(node.place, message)

    def text(self, node: Node, expected: str) -> str | None:
        """The string of `node`; None, with the problem noted, when it is a list or a mapping."""
        if isinstance(node, Text):
            return node.value
        self.refuse(node, f"Expected {expected}, found a {'list' if isinstance(node, Items) else 'mapping'}.")
        return None


def is_blank(value: Any) -> bool:
    """Whether a row that holds `value` says nothing yet."""
    return all(map(is_blank, value)) if isinstance(value, tuple) else value in (None, "", [], {})


class Kind:
    """One kind of value: `means` tells what is expected, `called` is its name in the documentation's tables."""

    means: ClassVar[str] = "text"
    called: ClassVar[str] = ""

    def read(self, node: Node, reading: Reading) -> Any:
        return reading.text(node, self.means)

    def write(self, value: Any, language: str) -> Plain:  # noqa: ARG002  # Most kinds hold no language.
        return str(value)

    def resolve(self, value: Any, find: Find) -> Any:  # noqa: ARG002  # Only names of rows are looked up.
        """What the columns hold for `value`; `find` gives the row of a model and a key."""
        return value

    def merge(self, now: Any, new: Any, *, update: bool) -> Any:
        """What a row that holds `now` gets from a file that says `new`; raise ValueError when they contradict."""
        if now == new or update or is_blank(now):
            return new
        raise ValueError


class Words(Kind):
    """Public text: a string in the file's language, or texts by language code."""

    means = "text, or texts by language: {en: …, ru: …}"
    called = "words"

    def read(self, node: Node, reading: Reading) -> Translated | None:
        if not isinstance(node, Entries):
            text = reading.text(node, self.means)
            return None if text is None else Translated({reading.language: text})
        for code, below in node.nodes.items():
            if not is_language(code):
                reading.refuse(below, f"“{code}” is not the code of a language, such as en or ru.")
            reading.text(below, "text")
        return Translated({code: below.value for code, below in node.nodes.items() if isinstance(below, Text)})

    def write(self, value: Translated, language: str) -> Plain:
        return value[language] if set(value) == {language} else dict(value)

    def merge(self, now: Translated, new: Translated, *, update: bool) -> Translated:
        if not update and any(now.get(language, text) != text for language, text in new.items()):
            raise ValueError
        return Translated({**now, **new})


class Flag(Kind):
    """Yes or no."""

    means = "yes or no"
    WORDS: ClassVar[dict[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}

    def read(self, node: Node, reading: Reading) -> bool | None:
        text = reading.text(node, self.means)
        if text is not None and text.casefold() not in self.WORDS:
            reading.refuse(node, f"Expected yes or no, found “{text}”.")
        return self.WORDS.get((text or "").casefold())

    def write(self, value: bool, language: str) -> Plain:  # noqa: ARG002, FBT001  # The signature of all kinds.
        return "yes" if value else "no"


class Number(Kind):
    """A whole number."""

    means = "a whole number"

    def read(self, node: Node, reading: Reading) -> int | None:
        text = reading.text(node, self.means)
        if text is not None and not re.fullmatch(r"[0-9]{1,9}", text):
            reading.refuse(node, f"Expected a whole number such as 12, found “{text}”.")
            return None
        return None if text is None else int(text)


@dataclass(frozen=True)
class Choice(Kind):
    """One of the words of an enumeration; spaces or hyphens may stand for its underscores."""

    words: type[models.TextChoices]

    @property
    def means(self) -> str:  # type: ignore[override]  # A property of each instance.
        return ", ".join(f"`{word}`" for word in self.words.values if word)

    def read(self, node: Node, reading: Reading) -> str | None:
        text = reading.text(node, "a word")
        word = None if text is None else text.replace(" ", "_").replace("-", "_")
        if word is not None and word not in self.words.values:
            reading.refuse(node, f"“{text}” is not known here.{did_you_mean(word, filter(None, self.words.values))}")
            return None
        return word


class Country(Kind):
    """An ISO 3166-1 alpha-2 code."""

    means = "a country's code, such as RU"
    called = "country"

    def read(self, node: Node, reading: Reading) -> str | None:
        code = reading.text(node, self.means)
        if code and not is_country(code):
            reading.refuse(node, f"“{code}” is not a country's code.{country_hint(code)}")
            return None
        return code


class Language(Kind):
    """The code of a language."""

    means = "a language's code, such as ru"
    called = "language"

    def read(self, node: Node, reading: Reading) -> str | None:
        code = reading.text(node, self.means)
        if code is not None and not is_language(code):
            reading.refuse(node, f"“{code}” is not the code of a language, such as en or ru.")
            return None
        return code


@dataclass(frozen=True)
class Listed(Kind):
    """A list of one other kind of value; a single one may stand without the list."""

    kind: Kind

    @property
    def means(self) -> str:  # type: ignore[override]  # A property of each instance.
        return f"a list, each: {self.kind.means}"

    def read(self, node: Node, reading: Reading) -> list[Any]:
        nodes = list(node) if isinstance(node, Items) else [node]
        return [value for value in (self.kind.read(each, reading) for each in nodes) if value is not None]

    def write(self, value: list[Any], language: str) -> Plain:
        return [self.kind.write(each, language) for each in value]


class Day(Kind):
    """A day that is known."""

    means = "a day, such as 2009-05-12"
    called = "day"

    def read(self, node: Node, reading: Reading) -> dt.date | None:
        text = reading.text(node, self.means)
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            reading.refuse(node, f"Expected {self.means}, found “{text}”.")
            return None


class HourOfLoading(dt.datetime):
    """What `now` in a file stands for; a row that has an hour already keeps it."""


class Moment(Kind):
    """A day and hour; without an offset, in the site's time zone."""

    means = "a day and hour, such as 2012-11-29 18:00+03:00, or now"
    called = "day and hour"

    def read(self, node: Node, reading: Reading) -> dt.datetime | None:
        text = reading.text(node, self.means)
        if not text:
            return None
        if text == "now":
            return HourOfLoading.now(dt.UTC)
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            reading.refuse(node, f"Expected {self.means}, found “{text}”.")
            return None
        return moment if moment.tzinfo else timezone.make_aware(moment)

    def write(self, value: dt.datetime, language: str) -> Plain:  # noqa: ARG002  # The signature of all kinds.
        return value.astimezone(dt.UTC).isoformat(sep=" ")

    def merge(self, now: dt.datetime | None, new: dt.datetime, *, update: bool) -> dt.datetime:
        return now if now and isinstance(new, HourOfLoading) else super().merge(now, new, update=update)


class MediaFile(Kind):
    """The path of a file that already lies in the media folder."""

    means = "the path of a picture in the media folder, such as people/name.jpg"

    def read(self, node: Node, reading: Reading) -> str | None:
        path = reading.text(node, self.means)
        if not path:
            return path
        if path.startswith("/") or ".." in path.split("/") or not default_storage.exists(path):
            reading.refuse(
                node, f"There is no “{path}” in the media folder ({settings.MEDIA_URL}): put it there first."
            )
            return None
        return path


@dataclass(frozen=True)
class Ref(Kind):
    """The name of a row that is described elsewhere: by slug for what all share, by key inside the owner."""

    model: type[models.Model]
    local: bool = False

    @property
    def means(self) -> str:  # type: ignore[override]  # A property of each instance.
        return f"the key of this: {self.model._meta.verbose_name}"

    @property
    def by(self) -> str:
        """The column that holds the name."""
        return "key" if self.local else "slug"

    def read(self, node: Node, reading: Reading) -> str | None:
        key = reading.text(node, self.means)
        if key:
            reading.mentions.append(Mention(self.model, key, reading.within if self.local else "", node.place))
        return key

    def resolve(self, value: str, find: Find) -> models.Model | None:
        """The row itself; raises LookupError where it could not be made."""
        return find(self.model, value) if value else None

    def write(self, value: models.Model, language: str) -> Plain:  # noqa: ARG002  # The signature of all kinds.
        return str(getattr(value, self.by))


WORDS, TEXT, FLAG, NUMBER, COUNTRY, LANGUAGE = Words(), Kind(), Flag(), Number(), Country(), Language()
DAY, MOMENT, MEDIA_FILE = Day(), Moment(), MediaFile()
COUNTRIES, LANGUAGES = Listed(COUNTRY), Listed(LANGUAGE)
