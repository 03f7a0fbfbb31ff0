"""Files hold what the table holds, and nothing in them runs."""

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from campaigns.models import Campaign, Target
from letters.counting import exports
from letters.counting.exports import BOM, NUMBER_COLUMNS, Export, TooManyRowsError, csv_lines, xlsx_file
from letters.counting.tallies import KEYS, NUMBERS, Scope, tally_by
from tests import factories
from tests.letters.counting.conftest import delivery, fill, letter
from tests.letters.counting.test_cells import FORMULAS

EVIL = '=HYPERLINK("http://evil.test","x")'


def table(export: Export, **options: bool) -> list[list[str]]:
    """Return the rows of the CSV file, read back."""
    return list(csv.reader(io.StringIO("".join(csv_lines(export, **options)), newline="")))


def test_a_file_has_the_numbers_of_the_tally(campaign: Campaign) -> None:
    fill(campaign, 3)
    header, *rows = table(Export(Scope(), ["office", "day"]), preamble=False)

    assert header == ["office", "office_name", "day", *NUMBER_COLUMNS.values()]
    slugs: dict[Any, str] = {target.pk: target.slug for target in Target.objects.all()}
    expected = {
        (slugs.get(office, ""), day.isoformat() if isinstance(day, dt.date) else ""): [
            getattr(counted, number) for number in NUMBERS
        ]
        for (office, day), counted in tally_by(Scope(), ["office", "day"]).items()
    }
    assert {(row[0], row[2]): [int(n) for n in row[3:]] for row in rows} == expected


def test_a_file_says_first_what_its_numbers_mean(campaign: Campaign) -> None:
    preamble = [row[0] for row in table(Export(Scope(since=dt.date(2026, 3, 1)), ["day"])) if row[0].startswith("# ")]

    assert "time zone UTC" in preamble[0]
    assert "2026-03-01" in preamble[1]
    for number, column in NUMBER_COLUMNS.items():
        assert f"# {column}: {NUMBERS[number].definition}" in preamble


def test_a_mark_for_excel_comes_first_and_only_if_asked_for(campaign: Campaign) -> None:
    export = Export(Scope(), ["day"])

    assert next(csv_lines(export, bom=True)) == BOM
    assert BOM not in "".join(csv_lines(export))


def evil_campaign(name: str) -> Campaign:
    """Make a campaign whose office and title are called `name`, with a letter."""
    campaign = factories.make_campaign(factories.make_office(name={"en": name}), title={"en": name})
    delivery(letter(campaign), campaign.targets.get())
    return campaign


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_of_a_csv_file_starts_like_a_formula(name: str, db: None) -> None:
    evil_campaign(name.replace("\x00", ""))  # PostgreSQL takes none

    for row in table(Export(Scope(), ["campaign", "office"])):
        for cell in row:
            assert cell.lstrip(" \u00a0\u200b\ufeff")[:1] not in tuple("=+-@\t\r\n＝＋－＠|%"), cell


def test_no_cell_of_a_sheet_is_a_formula_or_a_link(db: None) -> None:
    for name in FORMULAS:
        evil_campaign(name.replace("\x00", ""))

    book = openpyxl.load_workbook(xlsx_file(Export(Scope(), ["campaign", "office"])))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert "=1+1" in {cell.value for cell in cells}


def test_a_sheet_has_the_rows_of_the_csv_file(campaign: Campaign) -> None:
    fill(campaign, 4)
    export = Export(Scope(), KEYS)
    sheet = openpyxl.load_workbook(xlsx_file(export)).worksheets[0]

    def cell(value: Any) -> str:
        return "" if value is None else str(value)

    assert [[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)] == table(
        export, preamble=False
    )


def test_more_rows_than_a_sheet_holds_are_refused_not_cut(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(campaign, 4)
    monkeypatch.setattr(exports, "XLSX_ROWS", 3)

    with pytest.raises(TooManyRowsError):
        xlsx_file(Export(Scope(), KEYS))


def test_no_column_says_target(campaign: Campaign) -> None:
    assert "target" not in "".join(csv_lines(Export(Scope(), KEYS))).lower()
