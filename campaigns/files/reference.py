"""The tables of docs/campaign-file.md, made from the schema so that they can't be behind it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from campaigns.files.calls import CAMPAIGN
from campaigns.files.document import NOTICES, SHARED
from campaigns.files.kinds import Choice, Kind, Listed, Ref
from campaigns.files.schema import Key, Part, Record, Refs, Rows

HEAD = "| key | holds | meaning |\n|---|---|---|"


def reference() -> str:
    """Every key of every section as Markdown tables, in English."""
    sections = {"campaign": CAMPAIGN, **SHARED, NOTICES.name: NOTICES.record}
    with translation.override("en"):
        return "\n\n".join(text for name, record in sections.items() for text in _tables(f"`{name}`", record))


def _tables(title: str, record: Record) -> Iterator[str]:
    """The table of a record, then those of the lists in it."""
    lines = [f"| {_name(part)} | {_holds(part)} | {_meaning(part, record)} |" for part in record.parts]
    yield "\n".join([f"### {title}", "", HEAD, *lines])
    for part in record.parts:
        if isinstance(part, Rows):
            yield from _tables(f"{title} › `{part.name}`", part.record)


def _name(part: Part) -> str:
    required = isinstance(part, Key) and part.required
    return f"**`{part.name}`**" if required else f"`{part.name}`"


def _holds(part: Part) -> str:
    if isinstance(part, Rows):
        return "one mapping, see below" if part.single else "a list, see below"
    return f"list of {_called(part.kind)}" if isinstance(part, Refs) else _called(part.kind)


def _called(kind: Kind) -> str:
    """What a value holds, in few words."""
    if isinstance(kind, Choice):
        return ", ".join(_choice(value, str(label)) for value, label in kind.words.choices if value)
    if isinstance(kind, Listed):
        return f"list of {_called(kind.kind)}"
    return f"key ({kind.model._meta.verbose_name})" if isinstance(kind, Ref) else kind.called or kind.means


def _choice(value: str, label: str) -> str:
    """A word with what the pages call it, where that says more."""
    return f"`{value}`" if label.casefold() == value.replace("_", " ") else f"`{value}` ({label})"


def _meaning(part: Part, record: Record) -> str:
    notes = [part.about]
    if isinstance(part, Key):
        usual = part.empty(record.model) if part.columns and isinstance(part.kind, Choice) else ""
        notes += [f"left out: `{usual}`"] if usual and not part.required and "left out" not in part.about else []
        notes += ["a plain string stands for this key alone"] if record.short == part.name else []
    return "; ".join(filter(None, notes))
