"""What coordinators read about the numbers is what the code says of them."""

from pathlib import Path

from letters.counting.exports import NUMBER_COLUMNS
from letters.counting.tallies import NUMBERS

PAGE = Path(__file__).parents[3] / "docs" / "coordinators.md"


def test_the_page_for_coordinators_has_each_number_with_its_column_and_definition() -> None:
    rows = PAGE.read_text()

    for name, number in NUMBERS.items():
        assert f"| {number.label} | `{NUMBER_COLUMNS[name]}` | {number.definition} |" in rows
