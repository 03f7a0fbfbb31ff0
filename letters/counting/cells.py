"""Cells that a spreadsheet shows and never runs.

A cell whose text starts like a formula is one, in Excel and LibreOffice, and may fetch or send data. See OWASP,
"CSV Injection": an apostrophe before it makes it text.
"""

from __future__ import annotations

import re
from typing import Any

# Spaces and marks that programs skip before they look for a formula.
SKIPPED = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff]*")
# Also in their full-width forms, which spreadsheets of East Asian systems take for the same.
TRIGGERS = r"[=+\-@|%＝＋－＠｜％]"
FORMULA = re.compile(rf"{SKIPPED.pattern}{TRIGGERS}|[\t\r\n]")
# A separator or quote may begin a cell where a program splits lines in its own way.
BEHIND_SEPARATOR = re.compile(rf"([,;\t\r\n\"])(?={SKIPPED.pattern}{TRIGGERS})")
# What XML 1.0, and so XLSX, can't hold.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe_cell(value: Any) -> Any:
    """`value` as it may stand in a CSV file: numbers as they are, text that can't become a formula."""
    if isinstance(value, int | float):
        return value
    text = printable_cell(value)
    start = SKIPPED.match(text)
    skipped = start.end() if start else 0
    safe = text[:skipped] + BEHIND_SEPARATOR.sub(r"\1'", text[skipped:])
    return f"'{safe}" if FORMULA.match(text) else safe


def printable_cell(value: Any) -> str:
    """`value` as text without characters that no file format holds; what is None is empty."""
    return ILLEGAL.sub("", "" if value is None else str(value))
