"""Personal data is encrypted at rest; the keys live in the settings, never in the database."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField


@lru_cache(maxsize=4)
def cipher(keys: tuple[str, ...]) -> MultiFernet:
    """The cipher for `keys`: the first encrypts, all decrypt. That is how keys are rotated."""
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt `text` with the first of `settings.PERSONAL_DATA_KEYS`; "" stays ""."""
    return cipher(tuple(settings.PERSONAL_DATA_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Decrypt what `encrypt` gave. Raises `cryptography.fernet.InvalidToken` when no key fits."""
    return cipher(tuple(settings.PERSONAL_DATA_KEYS)).decrypt(token).decode() if token else ""


class EncryptedTextField(TextField):
    """Text that is encrypted in the database (Fernet: AES-128-CBC and HMAC-SHA256). It can't be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(super().get_prep_value(value) or "")

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str:
        return decrypt(value or "")
