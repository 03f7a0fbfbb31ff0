"""The few fixed words in double braces that a model letter may hold: `{{name}}`.

They are replaced in one pass by plain text, never by a template engine, so that a supporter who is called
`{{city}}` stays so. Names of prisoners are written out: a placeholder in prose breaks in inflected languages.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

PLACEHOLDERS = {
    "salutation": _("the salutation of the office"),
    "address_form": _("the office's form of address, for the closing"),
    "name": _("the sender's name"),
    "city": _("the sender's town"),
    "country": _("the sender's country"),
    "organisation": _("the sender's organisation"),
    "date": _("the day of writing"),
}

SLOT = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")


def unknown_placeholders(text: str) -> dict[str, str]:
    """The placeholders in `text` that do not exist, each with the nearest that does ("" when none is near)."""
    found = dict.fromkeys(name for name in SLOT.findall(text) if name not in PLACEHOLDERS)
    return {name: next(iter(difflib.get_close_matches(name, PLACEHOLDERS, n=1)), "") for name in found}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace known placeholders by `values` (absent: by nothing), in one pass; anything else stays as it is."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        return values.get(name, "") if name in PLACEHOLDERS else match.group(0)

    return SLOT.sub(value, text)
