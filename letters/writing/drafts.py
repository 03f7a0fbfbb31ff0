"""A letter that nobody has confirmed lives in the supporter's own page, signed, and nowhere else."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict

STAMP_SALT = "letters.stamp"
DRAFT_SALT = "letters.draft"
# Hexadecimal digits that tell one text of a campaign from another.
TEXT_DIGEST = 16


@dataclass(frozen=True)
class Stamp:
    """When a form was opened, and the key that makes what comes of it one letter, however often it is sent.

    `facts` is the campaign's version of the facts then, `texts` are digests of the model texts that the form held: what
    still equals one of them was not edited, even where the organisers' text has changed since.
    """

    key: str
    opened: float
    facts: int = 0
    texts: tuple[str, ...] = ()

    @classmethod
    def new(cls, facts: int = 0) -> Stamp:
        return cls(secrets.token_urlsafe(32), time.time(), facts)

    @classmethod
    def read(cls, text: str, facts: int = 0) -> Stamp:
        """The stamp in a form. A missing or forged one becomes new: its form counts as opened this moment."""
        try:
            return cls(**signing.loads(text, salt=STAMP_SALT))
        except signing.BadSignature:
            return cls.new(facts)

    def sign(self) -> str:
        return signing.dumps(asdict(self), salt=STAMP_SALT)

    def showing(self, texts: Iterable[str]) -> Stamp:
        """The same for a form that now shows these model texts."""
        known = {digest(text)[:TEXT_DIGEST] for text in texts}
        return replace(self, texts=tuple(sorted({*self.texts, *known})))

    def has_shown(self, text: str) -> bool:
        """Whether the form held this model text."""
        return digest(text)[:TEXT_DIGEST] in self.texts

    @property
    def age(self) -> float:
        """Seconds since the form was opened."""
        return time.time() - self.opened


@dataclass(frozen=True)
class Draft:
    """What was typed, and a digest of what the check page showed for it."""

    stamp: Stamp
    data: dict[str, list[str]]
    shown: str = ""

    @classmethod
    def read(cls, text: str, campaign: str) -> Draft:
        """The draft in a check page of `campaign` (its slug). Raises signing.BadSignature for anything else."""
        stamp, data, shown = signing.loads(text, salt=f"{DRAFT_SALT}.{campaign}")
        return cls(Stamp(**stamp), data, shown)

    def sign(self, campaign: str) -> str:
        parts = (asdict(self.stamp), self.data, self.shown)
        return signing.dumps(parts, salt=f"{DRAFT_SALT}.{campaign}", compress=True)

    def form_data(self) -> MultiValueDict[str, str]:
        return MultiValueDict(self.data)

    def digest(self) -> str:
        """Tells a repeat from another letter under the same key."""
        return digest([self.data, self.shown])


def typed(post: MultiValueDict[str, str], fields: Iterable[str]) -> dict[str, list[str]]:
    """What was typed into `fields`."""
    return {name: post.getlist(name) for name in fields if name in post}


def digest(value: Any) -> str:
    """A keyed SHA-256 of any JSON value, in hex."""
    return salted_hmac(DRAFT_SALT, signing.JSONSerializer().dumps(value), algorithm="sha256").hexdigest()
