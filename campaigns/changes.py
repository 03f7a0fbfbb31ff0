"""What has changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from campaigns.models import Campaign, KeptFacts
from campaigns.models.facts import LETTER, Texts, texts_of

WORD = re.compile(r"\s*\S+")
# So many words of what stayed are shown around what changed.
AROUND = 12
GAP = " … "
NAMES: dict[str, Promise] = {
    "summary": gettext_lazy("summary"),
    "story": gettext_lazy("what happened"),
    "urgency": gettext_lazy("why now"),
    "demands": gettext_lazy("demands"),
}


class Kind(StrEnum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """Words that share a fate."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One text in one language that is not what it was."""

    name: str | Promise
    language: str
    pieces: list[Piece]


def changes_since(campaign: Campaign, version: int) -> list[Change] | None:
    """What has changed in the campaign's texts since a version of its facts; None when that was never kept."""
    kept = KeptFacts.objects.filter(campaign=campaign, version=version).first()
    return None if kept is None else list(changes(kept.texts, texts_of(campaign)))


def changes(old: Texts, new: Texts) -> Iterator[Change]:
    """Yield each text that differs, in the order of the new ones; what is gone comes last."""
    for name in dict.fromkeys(chain(new, old)):
        before, after = old.get(name, {}), new.get(name, {})
        for language in dict.fromkeys(chain(after, before)):
            if before.get(language, "") != after.get(language, ""):
                yield Change(_named(name), language, list(_differing(before, after, language)))


def _named(name: str) -> str | Promise:
    if name.startswith(LETTER):
        return gettext("model letter “%(key)s”") % {"key": name.removeprefix(LETTER)}
    return NAMES[name]


def _differing(before: Mapping[str, str], after: Mapping[str, str], language: str) -> Iterator[Piece]:
    old, new = (WORD.findall(texts.get(language, "")) for texts in (before, after))
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, _shortened(old[start:end], first=start == 0, last=end == len(old)))
        if start < end and tag != "equal":
            yield Piece(Kind.GONE, "".join(old[start:end]))
        if new_start < new_end and tag != "equal":
            yield Piece(Kind.ADDED, "".join(new[new_start:new_end]))


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    """What stayed, without the middle of a long stretch, or the end that is far from any change."""
    if len(words) <= 2 * AROUND:
        return "".join(words)
    head, tail = "".join(words[:AROUND]), "".join(words[-AROUND:])
    return ("" if first else head) + GAP + ("" if last else tail)
