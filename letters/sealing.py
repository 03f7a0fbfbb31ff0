"""Sealed links: what somebody asked for travels in the link itself, encrypted, and is stored nowhere.

A seal is a Fernet token (AES-128-CBC and HMAC-SHA256) of purpose and values, under a key derived from TOKEN_KEY, with
the second at which it was made. So a link that nobody opens leaves nothing behind that would have to be deleted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from enum import StrEnum
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Sealed(StrEnum):
    """What a sealed link is for."""

    ASKED = "asked"  # the page that says where the link to subscribe went
    SUBSCRIBE = "subscribe"
    EXPORT = "export"


def seal(purpose: Sealed, values: Any) -> str:
    """Seal JSON `values` for `purpose`: URL-safe characters and "=", about 180 of them for an address and a topic."""
    return _fernet().encrypt(json.dumps([purpose, values], ensure_ascii=False).encode()).decode()


def unseal(purpose: Sealed, token: str, seconds: int) -> Any:
    """The values that were sealed for `purpose` at most so many seconds ago; None for any other text."""
    try:
        opened, values = json.loads(_fernet().decrypt(token.encode(), ttl=seconds))
        is_canonical = base64.urlsafe_b64encode(base64.urlsafe_b64decode(token)).decode() == token
    except (InvalidToken, ValueError):
        return None
    return values if opened == purpose and is_canonical else None


def _fernet() -> Fernet:
    digest = hmac.new(settings.TOKEN_KEY.encode(), b"letters.sealing", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
