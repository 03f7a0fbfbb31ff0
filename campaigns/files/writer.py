"""From one checked item to its row: what is new is added, what differs is refused unless the file is to win."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from campaigns.files.kinds import Words, is_blank
from campaigns.files.problems import Place, Problems
from campaigns.files.schema import Item, Key


@dataclass
class Changes:
    """What a run changed: rows created by noun, and a line for each row altered or removed."""

    created: Counter[str] = field(default_factory=Counter)
    altered: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.created or self.altered or self.removed)


class Writer:
    """Writes the items of one run."""

    def __init__(self, problems: Problems, *, update: bool) -> None:
        self.problems = problems
        self.update = update
        self.changes = Changes()
        self.said: dict[tuple[str, Any, str], Place] = {}
        """Where this run gave a row's key its value: two files of one run must agree whatever `update` is."""

    def find(self, model: type[models.Model], slug: str) -> models.Model:
        """The shared row of `model` with this slug; raise LookupError where there is none."""
        found = model._default_manager.filter(slug=slug).first()
        if found is None:
            raise LookupError(slug)
        return found

    def row(self, item: Item, row: models.Model | None, *, owned: bool = False, **given: Any) -> models.Model | None:
        """Bring one row in line with `item`, or make it with the values `given`; None where that is impossible."""
        new = row is None
        if row is None:
            if item.broken:
                return None
            row = item.record.model(**given)
        keys = (key for key in item.record.keys if key.columns)
        altered = [key.name for key in keys if self.put(row, key, item, new=new, owned=owned)]
        if new and item.broken:
            return None
        if new or altered:
            return self.save(row, item, [] if new else altered)
        return row

    def put(self, row: models.Model, key: Key, item: Item, *, new: bool, owned: bool) -> bool:
        """Give one key's value to `row`; whether that altered it."""
        if key.name in item.values:
            try:
                value = key.kind.resolve(item.values[key.name], self.find)
            except LookupError:  # What it names is itself broken, or unknown, and noted as such.
                item.broken = True
                return False
        elif (new and key.default is not None) or (self.update and owned and not new and not item.broken):
            value = key.empty(type(row))
        else:
            return False
        now = key.get(row)
        if not new:
            value = self.merged(row, key, item, now, value, owned=owned)
        if value == now:
            self.said.setdefault((row._meta.label, row.pk, key.name), item.at(key.name))
            return False
        key.set(row, value)
        return True

    def merged(self, row: models.Model, key: Key, item: Item, now: Any, value: Any, *, owned: bool) -> Any:
        """What the row gets: the file's value, the two together, or what it has and a problem."""
        earlier = self.said.get((row._meta.label, row.pk, key.name))
        update = self.update and earlier is None
        if update and owned and isinstance(key.kind, Words):
            return value  # Languages that the file no longer has are removed.
        try:
            return key.kind.merge(now, value, update=update)
        except ValueError:
            there = f"{earlier.file}:{earlier.line}" if earlier else "the site"
            hint = "" if earlier else " Load with --update if the file is right."
            self.problems.add(
                item.at(key.name), f"The file says {shown(key, value)}, {there} says {shown(key, now)}.{hint}"
            )
            return now

    def save(self, row: models.Model, item: Item, altered: list[str]) -> models.Model | None:
        """Save a new or altered row after the database's own rules; None where they refuse it."""
        new = row.pk is None
        try:
            row.validate_constraints()
        except ValidationError as error:
            for message in error.messages:
                self.problems.add(item.place, in_words(message))
            return None if new else row
        row.save()
        if new:
            self.changes.created[str(row._meta.verbose_name)] += 1
        else:
            self.changes.altered.append(f"{row._meta.verbose_name} “{row}”: {', '.join(altered)}")
        for name in item.places:
            self.said[row._meta.label, row.pk, name] = item.at(name)
        return row


def shown(key: Key, value: Any) -> str:
    """A value for a message, cut to a line."""
    plain = "nothing" if is_blank(value) else key.kind.write(value, "")
    text = (
        plain if isinstance(plain, str) else ", ".join(map(str, plain if isinstance(plain, list) else plain.values()))
    )
    return f"“{textwrap.shorten(text, 80, placeholder=' …')}”"


def in_words(message: str) -> str:
    """Django's word on a constraint, whose name is a sentence, as that sentence."""
    name = re.search(r"“(\w+)”", message)
    return f"{name[1].replace('_', ' ').capitalize()}." if name else message
