"""The desk's pages on letters: importing the rooms of the desk registers them."""

from letters.desk import (
    addresses,
    captured,
    deliveries,
    dossiers,
    journal,
    letters,
    mailings,
    proposals,
    replies,
    reported,
    signatures,
)

__all__ = [
    "addresses",
    "captured",
    "deliveries",
    "dossiers",
    "journal",
    "letters",
    "mailings",
    "proposals",
    "replies",
    "reported",
    "signatures",
]
