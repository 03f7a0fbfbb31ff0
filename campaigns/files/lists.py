"""What hangs on a row: lists of names and lists of rows."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import ProtectedError

from campaigns.files.addresses import write_contacts
from campaigns.files.offices import ContactRows
from campaigns.files.problems import Place
from campaigns.files.schema import Item, Key, Refs, Rows
from campaigns.files.writer import Writer
from prisoners.fields import Translated


def write_parts(writer: Writer, row: models.Model, item: Item, *, owned: bool) -> None:
    """Write what hangs on `row`. Where the file is to win, an `owned` list that it leaves out is emptied."""
    emptied = writer.update and owned and not item.broken
    for part in item.record.parts:
        value = item.values.get(part.name)
        if isinstance(part, Key) or (value is None and not emptied):
            continue
        if isinstance(part, Refs):
            write_refs(writer, row, part, value or [], item)
        elif isinstance(part, ContactRows):
            write_contacts(writer, row, value or [])
        else:
            write_rows(writer, row, part, [value] if isinstance(value, Item) else value or [], item.at(part.name))


def write_refs(writer: Writer, row: models.Model, part: Refs, keys: list[str], item: Item) -> None:
    """Bring a many-to-many column in line with `keys`."""
    manager = getattr(row, part.column)
    wanted = [found for found in (_named(row, part, key) for key in keys) if found is not None]
    now = list(manager.all())
    missing = [each for each in wanted if each not in now]
    extra = [each for each in now if each not in wanted]
    if now and (missing or extra) and not part.shared and not writer.update:
        names = ", ".join(part.kind.write(each, "") for each in now)  # type: ignore[misc]  # A Ref writes strings.
        writer.problems.add(item.at(part.name), f"The site says {names}. Load with --update if the file is right.")
        return
    manager.add(*missing)
    if writer.update and extra:
        manager.remove(*extra)
    if now and (missing or (writer.update and extra)):
        writer.changes.altered.append(f"{row._meta.verbose_name} “{row}”: {part.name}")


def _named(row: models.Model, part: Refs, key: str) -> models.Model | None:
    """The row that `key` names: a shared one, or one of the case or campaign to which `row` belongs."""
    among = part.kind.model._default_manager
    if part.kind.local:
        owner = "case" if part.kind.model._meta.app_label == "prisoners" else "campaign"
        return among.filter(**{owner: getattr(row, owner), "key": key}).first()
    return among.filter(slug=key).first()


def write_rows(writer: Writer, owner: models.Model, part: Rows, items: list[Item], place: Place) -> None:
    """Bring the rows that hang on `owner` in line with `items` at `place`; shared ones are only added to."""
    model = part.record.model
    column = owner._meta.get_field(part.relation).field.name  # type: ignore[union-attr]  # A reverse relation.
    existing = list(model._default_manager.filter(**{column: owner}))
    order: list[models.Model] = []
    for index, item in enumerate(items):
        rest = [row for row in existing if row not in order]
        found = _match(writer, part, item, rest) if part.match else next(iter(existing[index : index + 1]), None)
        last = len(existing) + len([row for row in order if row not in existing])
        given = {column: owner, **_position(model, last if part.shared else index)}
        row = writer.row(item, found, owned=not part.shared, **given)
        if row is not None:
            order.append(row)
            write_parts(writer, row, item, owned=not part.shared)
    left = [row for row in existing if row not in order]
    if part.shared:
        return
    if writer.update and not any(item.broken for item in items):
        left = [row for row in left if not _removed(writer, row, place)]
    _put_in_order(writer, [*order, *left], [row for row in existing if row in order], place)


def _position(model: type[models.Model], position: int) -> dict[str, int]:
    """The position as a column, where `model` has one."""
    return {"position": position} if any(field.name == "position" for field in model._meta.fields) else {}


def _match(writer: Writer, part: Rows, item: Item, rows: list[models.Model]) -> models.Model | None:
    """The row that `item` describes, by the columns that tell rows of this list apart."""
    keys = [key for key in part.record.keys if set(key.columns) & set(part.match)]
    try:
        wanted = [
            (key, key.kind.resolve(item.values[key.name], writer.find))
            if key.name in item.values
            else (key, key.empty(part.record.model))
            for key in keys
        ]
    except LookupError:
        return None
    return next((row for row in rows if all(_same(key.get(row), value) for key, value in wanted)), None)


def _same(now: Any, value: Any) -> bool:
    """Whether both are the same; texts, when they agree in one language."""
    if isinstance(now, Translated) and isinstance(value, Translated):
        return now == value or any(now.get(language) == text for language, text in value.items())
    return bool(now == value)


def _removed(writer: Writer, row: models.Model, place: Place) -> bool:
    """Remove a row that the file no longer has, unless letters or reports hang on it."""
    name = f"{row._meta.verbose_name} “{row}”"
    try:
        row.delete()
    except ProtectedError:
        hint = "letters or reports belong to it: keep it, with “paused: yes” if nothing more may leave"
        writer.problems.add(place, f"{name.capitalize()} is not in the file, but {hint}.")
        return False
    writer.changes.removed.append(name)
    return True


def _put_in_order(writer: Writer, rows: list[models.Model], before: list[models.Model], place: Place) -> None:
    """Number the rows as the file has them; another order than before is a contradiction like any other."""
    if not rows or not _position(type(rows[0]), 0):
        return
    now = sorted(rows, key=lambda row: (row.position, row.pk))  # type: ignore[attr-defined]  # Looked at above.
    if now == rows:
        return
    if [row for row in rows if row in before] != before and not writer.update:
        order = ", ".join(map(str, before))
        writer.problems.add(place, f"The order on the site is: {order}. Load with --update to change it.")
        return
    for position, row in enumerate(rows):
        type(row)._default_manager.filter(pk=row.pk).update(position=position)
    writer.changes.altered.append(f"{rows[0]._meta.verbose_name_plural}: order")
