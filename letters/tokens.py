"""The tokens in supporters' links: derived, one for each purpose, never stored.

A token is the `public_id` of a letter, signature or subscription and an HMAC-SHA256 of purpose, `public_id` and
generation, shortened to 192 bits. Raising a row's `token_generation` makes all its links useless; a new TOKEN_KEY does
so for all rows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from enum import StrEnum
from typing import TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from letters.models import Letter, Signature, Subscription

Row = TypeVar("Row", Letter, Signature, Subscription)
PUBLIC_ID_LENGTH = 22
SEAL_BYTES = 24
FORM = re.compile(r"[A-Za-z0-9_-]{54}")


class Purpose(StrEnum):
    """What a token lets its holder do."""

    ASKED = "asked"  # the page that says where the link went, before it is opened
    CONFIRM = "confirm"  # until the letter expires
    STATUS = "status"  # as long as the letter is there
    ERASE = "erase"
    AGAIN = "again"  # to say whether a letter shall still leave
    MANAGE = "manage"  # of a subscription
    UNSUBSCRIBE = "unsubscribe"


def make(row: Letter | Signature | Subscription, purpose: Purpose) -> str:
    """The token of `row` for `purpose`: 54 URL-safe characters."""
    return row.public_id + _seal(row.public_id, purpose, row.token_generation)


def read(token: str, purpose: Purpose) -> Letter | None:
    """The letter whose token for `purpose` this is.

    None for any other text, and for a confirmation token when the letter's time to be confirmed is over.
    """
    letter = read_late(token, purpose)
    is_late = letter is not None and purpose is Purpose.CONFIRM and letter.expires_at <= timezone.now()
    return None if is_late else letter


def read_late(token: str, purpose: Purpose) -> Letter | None:
    """The same, however old the letter is: for pages that tell a late link from a wrong one."""
    return _owner(Letter.objects.select_related("campaign"), token, purpose)


def read_signature(token: str, purpose: Purpose) -> Signature | None:
    """The signature whose token for `purpose` this is, however old it is; None for any other text."""
    return _owner(Signature.objects.select_related("campaign"), token, purpose)


def read_subscription(token: str, purpose: Purpose) -> Subscription | None:
    """The subscription whose token for `purpose` this is; None for any other text, and once it has ended."""
    return _owner(Subscription.objects.all(), token, purpose)


def _owner(rows: QuerySet[Row], token: str, purpose: Purpose) -> Row | None:
    if not FORM.fullmatch(token):
        return None
    public_id, seal = token[:PUBLIC_ID_LENGTH], token[PUBLIC_ID_LENGTH:]
    row = rows.filter(public_id=public_id).first()
    # Without a row the same work is done, so that the time taken tells nothing.
    expected = _seal(public_id, purpose, row.token_generation if row else 0)
    return row if constant_time_compare(seal, expected) else None


def _seal(public_id: str, purpose: Purpose, generation: int) -> str:
    message = f"{purpose}:{public_id}:{generation}".encode()
    digest = hmac.new(settings.TOKEN_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:SEAL_BYTES]).decode()
