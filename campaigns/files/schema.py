"""How the schema of campaign files is written down: keys, records and lists of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from campaigns.files.codes import is_language
from campaigns.files.kinds import WORDS, Kind, Plain, Reading, Ref, Words
from campaigns.files.problems import Place, did_you_mean
from campaigns.files.reader import Entries, Items, Node, Text
from prisoners.fields import FuzzyDate


@dataclass(frozen=True)
class Key:
    """One key of a record: its name in the file, what it holds, and the columns that keep it."""

    name: str
    kind: Kind
    about: str = ""
    columns: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    """The value of a new row when the file is silent; None: the columns' own."""

    def get(self, row: models.Model) -> Any:
        """What `row` holds: one value, or a tuple where the key fills several columns."""
        values = tuple(getattr(row, column, None) for column in self.columns)  # None: a relation of a new row.
        return values[0] if len(values) == 1 else values

    def set(self, row: models.Model, value: Any) -> None:
        """Give `value` to the columns of `row`."""
        for column, part in zip(self.columns, value if len(self.columns) > 1 else (value,), strict=True):
            setattr(row, column, part)

    def empty(self, model: type[models.Model]) -> Any:
        """What a new row of `model` holds before the file speaks."""
        if self.default is not None:
            return self.default
        return self.get(model())

    def check(self, model: type[models.Model], value: Any) -> None:
        """Raise ValidationError where the column does not take `value` (too long, not a web address ...)."""
        if len(self.columns) != 1 or isinstance(value, FuzzyDate) or isinstance(self.kind, Ref):
            return
        column = model._meta.get_field(self.columns[0])
        if isinstance(column, models.Field) and value not in column.empty_values:
            column.run_validators(value)


@dataclass(frozen=True)
class Refs:
    """Names of rows kept in a many-to-many column."""

    name: str
    kind: Ref
    about: str = ""
    column: str = ""
    shared: bool = False
    """Whether loading adds to what is there; else the list is one value."""


@dataclass(frozen=True)
class Rows:
    """Rows that hang on their owner: a list, or one mapping where `single`.

    `match` names the columns by which an item finds its row; none: its place in the list. `shared` rows belong to
    a person or office that other files describe too: they are only added to.
    """

    name: str
    record: Record
    about: str = ""
    relation: str = ""
    match: tuple[str, ...] = ()
    shared: bool = False
    single: bool = False


Part = Key | Refs | Rows


def key(name: str, kind: Kind, about: str = "", *columns: str, required: bool = False, default: Any = None) -> Key:
    """A key whose column has its name unless `columns` say otherwise."""
    return Key(name, kind, about, columns or (name,), required, default)


@dataclass(frozen=True)
class Record:
    """What the mapping that describes one row of `model` can hold."""

    model: type[models.Model]
    parts: tuple[Part, ...]
    short: str = ""
    """The key that a plain string in place of the mapping stands for."""
    key_from: tuple[str, ...] = ()
    """The keys of which the first given is the row's key where none is written."""
    local: bool = False
    """Whether lists inside name these rows by their key."""
    check: Callable[[Item, Reading], None] | None = None

    @property
    def keys(self) -> Iterator[Key]:
        """The keys that hold one value."""
        return (part for part in self.parts if isinstance(part, Key))

    @property
    def names(self) -> dict[str, Part]:
        """All parts by their name in the file."""
        return {part.name: part for part in self.parts}

    @property
    def noun(self) -> str:
        """What pages and messages call a row."""
        return str(self.model._meta.verbose_name)


@dataclass
class Item:
    """One mapping of a file, read and checked against its record."""

    record: Record
    place: Place
    slug: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    broken: bool = False
    """Whether something in it could not be read: no new row is made of it."""

    def at(self, name: str) -> Place:
        """Where the key `name` stands, or where it would."""
        return self.places.get(name, self.place)


def read_item(node: Node, record: Record, reading: Reading, slug: str = "") -> Item:
    """Read one record; what is wrong is noted in `reading` and marks the item as broken."""
    item = Item(record, node.place, slug)
    before = len(reading.problems.found)
    for name, below in _entries(node, record, reading).items():
        part = record.names.get(name)
        if part is None:
            reading.refuse(below, f"“{name}” is not a key of {record.noun!s}.{did_you_mean(name, record.names)}")
            continue
        item.places[name] = below.place
        value = _read_part(below, part, record, reading)
        if value is not None:
            item.values[name] = value
    for key in record.keys:
        if key.required and (key.name not in item.places or item.values.get(key.name) in ("", {})):
            reading.problems.add(item.at(key.name), f"“{key.name}” is missing: {key.about or key.kind.means}.")
    if record.check:
        record.check(item, reading)
    _name(item, reading)
    item.broken = len(reading.problems.found) > before
    return item


def _entries(node: Node, record: Record, reading: Reading) -> dict[str, Node]:
    """The entries of `node`; a plain string, or texts by language, stand for the record's short key."""
    short = record.names.get(record.short)
    by_language = isinstance(node, Entries) and node.nodes and all(map(is_language, node.nodes))
    if short and (isinstance(node, Text) or (by_language and isinstance(getattr(short, "kind", None), Words))):
        return {record.short: node}
    if isinstance(node, Entries):
        return node.nodes
    reading.refuse(node, f"Expected the keys of {record.noun!s}: {', '.join(record.names)}.")
    return {}


def _read_part(node: Node, part: Part, record: Record, reading: Reading) -> Any:
    if isinstance(part, Rows):
        return read_item(node, part.record, reading) if part.single else read_items(node, part, reading)
    if isinstance(part, Refs):
        nodes = list(node) if isinstance(node, Items) else [node]
        return [key for key in (part.kind.read(each, reading) for each in nodes) if key]
    value = part.kind.read(node, reading)
    if value is not None:
        try:
            part.check(record.model, value)
        except ValidationError as error:
            reading.refuse(node, " ".join(error.messages))
    return value


def read_items(node: Node, rows: Rows, reading: Reading) -> list[Item]:
    """Read a list of records, in which none may stand twice; one alone may stand without the list."""
    nodes: Iterable[Node] = [node] if isinstance(node, Entries) else node if isinstance(node, Items) else []
    if isinstance(node, Text) and node.value:
        reading.refuse(node, "Expected a list: a line for each, after a hyphen.")
    items = [read_item(each, rows.record, reading) for each in nodes]
    matched = [key.name for key in rows.record.keys if set(key.columns) & set(rows.match)]
    seen: dict[str, Place] = {}
    for item in items:
        identity = repr([item.values.get(name) for name in matched])
        if rows.match and identity in seen:
            reading.problems.add(item.place, f"The same stands in line {seen[identity].line} already.")
        seen.setdefault(identity, item.place)
    return items


def _name(item: Item, reading: Reading) -> None:
    """Give the item its key where the file leaves it out, and make it known to those who mention it."""
    if not item.record.local:
        return
    if "key" not in item.values:
        given = (item.values.get(name) for name in item.record.key_from)
        item.values["key"] = next((str(value).lower() for value in given if isinstance(value, str) and value), "")
    if not item.values["key"]:
        reading.problems.add(item.place, "“key” is missing: a short word by which this file names it.")
    reading.declared.add((item.record.model, item.values["key"], reading.within))


def write_short(values: dict[str, Plain], record: Record) -> Plain:
    """The record as a plain string where only its short key is given."""
    only = list(values) == [record.short]
    value = values.get(record.short)
    part = record.names.get(record.short)
    kind = part.kind if isinstance(part, Key) else None
    return value if only and value is not None and (isinstance(value, str) or kind is WORDS) else values
