"""Counts as files: CSV of any size, and XLSX. One row generator; the formats only write."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Target
from letters.counting.cells import printable_cell, safe_cell
from letters.counting.tallies import KEYS, NUMBERS, Scope, rows_by

# One sheet of XLSX holds no more rows (ECMA-376 sets no limit; Excel does).
XLSX_ROWS = 1_048_576
XLSX_TEXT = 32_767
BOM = "\ufeff"
# Names of columns, the same in every language, so that programs can rely on them. The public's word is "office".
COLUMNS = {
    "campaign": ("campaign", "campaign_title"),
    "office": ("office", "office_name"),
    "channel": ("channel",),
    "country": ("country",),
    "language": ("language",),
    "day": ("day",),
}
NUMBER_COLUMNS = {
    "wrote": "people_who_wrote",
    "in_own_words": "people_in_their_own_words",
    "handed_over": "letters_handed_over",
    "receipts": "receipts",
    "reported": "reported_by_supporters",
    "captured": "kept_in_trial_mode",
}


class TooManyRowsError(Exception):
    """A sheet can't hold the rows; CSV can."""


@dataclass(frozen=True)
class Export:
    """Counts in `scope`, a row a group of `keys` (some of `KEYS`)."""

    scope: Scope
    keys: Sequence[str]

    @cached_property
    def in_order(self) -> list[str]:
        """The keys as their columns stand."""
        return [key for key in KEYS if key in self.keys]

    def header(self) -> list[str]:
        """The names of the columns."""
        return [column for key in self.in_order for column in COLUMNS[key]] + list(NUMBER_COLUMNS.values())

    def rows(self) -> Iterator[list[Any]]:
        """Yield the rows below the header: texts, and numbers as numbers."""
        for group, counted in rows_by(self.scope, self.in_order):
            words = [word for key, value in zip(self.in_order, group, strict=True) for word in self.words(key, value)]
            yield words + [getattr(counted, number) for number in NUMBER_COLUMNS]

    def words(self, key: str, value: Any) -> tuple[str, ...]:
        """The texts of one key."""
        if key == "campaign":
            return self.campaigns[value]
        if key == "office":
            return self.offices.get(value, ("", ""))
        return (value.isoformat() if isinstance(value, dt.date) else value or "",)

    @cached_property
    def campaigns(self) -> dict[int, tuple[str, str]]:
        """Slug and title of each campaign."""
        return {
            campaign.pk: (campaign.slug, str(campaign.title)) for campaign in Campaign.objects.only("slug", "title")
        }

    @cached_property
    def offices(self) -> dict[int, tuple[str, str]]:
        """Slug and name of each office."""
        return {office.pk: (office.slug, str(office)) for office in Target.objects.all()}

    def preamble(self) -> Iterator[str]:
        """Yield what a reader must know: when, in which time zone, and what each number means."""
        zone = timezone.get_default_timezone_name()
        now = timezone.localtime(timezone=timezone.get_default_timezone()).isoformat(sep=" ", timespec="minutes")
        yield _("Counts as of %(now)s. A day is a day in the time zone %(zone)s.") % {"now": now, "zone": zone}
        if self.scope.since or self.scope.until:
            days = {"since": self.scope.since or "…", "until": self.scope.until or "…"}
            yield _("From %(since)s to %(until)s, both days included.") % days
        for number, column in NUMBER_COLUMNS.items():
            yield f"{column}: {NUMBERS[number].definition}"
        yield _("The numbers count different things and are never added up.")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(export: Export, *, bom: bool = False, preamble: bool = True) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), UTF-8; texts are quoted, so that no separator ends a cell.

    Args:
        export: what to write.
        bom: start with a byte order mark, which Excel needs to see UTF-8.
        preamble: start with `Export.preamble`, a line each, marked by "# ".
    """
    writer = csv.writer(Echo(), quoting=csv.QUOTE_NONNUMERIC)
    if bom:
        yield BOM
    if preamble:
        yield from (writer.writerow([f"# {line}"]) for line in export.preamble())
    yield writer.writerow(export.header())
    for row in export.rows():
        yield writer.writerow([safe_cell(value) for value in row])


def xlsx_file(export: Export) -> IO[bytes]:
    """Return a temporary file with the counts on one sheet and the definitions on another; text is always text.

    Raises:
        TooManyRowsError: there are more than a sheet holds.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Counts")[:31])
    write_row(sheet, 0, export.header())
    for number, row in enumerate(export.rows(), start=1):
        if number >= XLSX_ROWS:
            raise TooManyRowsError
        write_row(sheet, number, row)
    sheet.freeze_panes(1, 0)
    meaning = book.add_worksheet(_("What it means")[:31])
    for number, line in enumerate(export.preamble()):
        write_row(meaning, number, [line])
    book.close()
    file.seek(0)
    return file


def write_row(sheet: Any, number: int, row: Sequence[Any]) -> None:
    """Write one row, numbers as numbers and all else as strings, never as formulas or links."""
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(number, column, value)
        else:
            sheet.write_string(number, column, printable_cell(value)[:XLSX_TEXT])
