"""Log lines that say what happened and not to whom."""

import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

# The token in a supporter's link is a credential.
TOKEN = re.compile(r"/(letters|signatures|subscriptions|my-data)/[^/\s\"'?]+")
MAIL_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\.[^\s<>\"'(),;:]+")
PERHAPS_IP_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")


def log_to_stderr(level: str) -> dict[str, Any]:
    """Return Django's LOGGING for lines on standard error, from `level` (a name such as "INFO") up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"private": {"()": "config.logs.PrivateFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "private"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would print without the mask, and mail pages with personal data to the admins.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # It greets each process that starts it.
            "pikepdf": {"level": "WARNING"},
        },
    }


class PrivateFormatter(logging.Formatter):
    """Format a record as `time level logger message`, one line, with tokens, mail and network addresses masked.

    The mask works on the finished text, so tracebacks and the messages of other people's libraries pass through it too.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one masked line; line breaks are written out, so that nobody can forge a line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = mask(super().format(record)).replace("\r", "\\r").replace("\n", "\\n")
        return f"{time} {record.levelname} {record.name} {message}"


def mask(text: str) -> str:
    """Return `text` without tokens of supporters' links, mail addresses and IP addresses."""
    text = TOKEN.sub(r"/\1/***", text)
    text = MAIL_ADDRESS.sub("***@***", text)
    return PERHAPS_IP_ADDRESS.sub(lambda found: mask_ip_address(found[0]), text)


def mask_ip_address(text: str) -> str:
    """Return `text` if it is no IP address (a time of day has colons too), else stars."""
    for candidate in (text, text.rstrip(".:")):
        with suppress(ValueError):
            ip_address(candidate)
            return "***"
    return text
