"""The tokens in supporters' links: derived, one for each purpose, never stored.

A token is the letter's `public_id` and an HMAC-SHA256 of purpose, letter and generation, shortened to 192 bits. Raising
`Letter.token_generation` makes every link of a letter useless; a new TOKEN_KEY does so for all letters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from letters.models import Letter

PUBLIC_ID_LENGTH = 22
SEAL_BYTES = 24
FORM = re.compile(r"[A-Za-z0-9_-]{54}")


class Purpose(StrEnum):
    """What a token lets its holder do."""

    ASKED = "asked"  # the page that says where the link went, before it is opened
    CONFIRM = "confirm"  # until the letter expires
    STATUS = "status"  # as long as the letter is there
    ERASE = "erase"


def make(letter: Letter, purpose: Purpose) -> str:
    """The token of `letter` for `purpose`: 54 URL-safe characters."""
    return letter.public_id + _seal(letter.public_id, purpose, letter.token_generation)


def read(token: str, purpose: Purpose) -> Letter | None:
    """The letter whose token for `purpose` this is.

    None for any other text, and for a confirmation token when the letter's time to be confirmed is over.
    """
    letter = read_late(token, purpose)
    is_late = letter is not None and purpose is Purpose.CONFIRM and letter.expires_at <= timezone.now()
    return None if is_late else letter


def read_late(token: str, purpose: Purpose) -> Letter | None:
    """The same, however old the letter is: for pages that tell a late link from a wrong one."""
    if not FORM.fullmatch(token):
        return None
    public_id, seal = token[:PUBLIC_ID_LENGTH], token[PUBLIC_ID_LENGTH:]
    letter = Letter.objects.select_related("campaign").filter(public_id=public_id).first()
    # Without a letter the same work is done, so that the time taken tells nothing.
    expected = _seal(public_id, purpose, letter.token_generation if letter else 0)
    return letter if constant_time_compare(seal, expected) else None


def _seal(public_id: str, purpose: Purpose, generation: int) -> str:
    message = f"{purpose}:{public_id}:{generation}".encode()
    digest = hmac.new(settings.TOKEN_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:SEAL_BYTES]).decode()
