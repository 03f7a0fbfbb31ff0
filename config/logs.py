"""Log lines that say what happened and not to whom."""

import logging
import re
from datetime import UTC, datetime

MASKS = (
    # The token in a supporter's link is a credential.
    (re.compile(r"/letters/[^/\s\"'?]+"), "/letters/***"),
    (re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\.[^\s<>\"'(),;:]+"), "***@***"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "*.*.*.*"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){2,7}(?::|[0-9a-fA-F]{1,4})(?:[0-9a-fA-F:]*)"), "*:*"),
)


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
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text
