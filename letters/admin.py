"""The desk's pages on letters: importing the rooms of the desk registers them."""

from letters.desk import captured, deliveries, dossiers, journal, letters, mailings, proposals, reported, signatures

__all__ = [
    "captured",
    "deliveries",
    "dossiers",
    "journal",
    "letters",
    "mailings",
    "proposals",
    "reported",
    "signatures",
]
