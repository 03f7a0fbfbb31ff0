"""What is small is not told."""

import pytest
from django.template import Context, Template
from pytest_django.fixtures import Settings

from campaigns.models import Campaign
from letters.counting.public import public_countries, public_tally
from tests.letters.counting.conftest import letter, report


@pytest.fixture(autouse=True)
def live(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"
    settings.TALLY_MINIMUM = 25


def write_from(campaign: Campaign, **people: int) -> None:
    """Let so many people write from each country."""
    for country, number in people.items():
        for _ in range(number):
            letter(campaign, country="" if country == "unsaid" else country)


def page(campaign: Campaign, tag: str) -> str:
    return Template(f"{{% load letters_counting %}}{{% {tag} campaign %}}").render(Context({"campaign": campaign}))


def test_a_number_below_the_minimum_is_not_shown(campaign: Campaign) -> None:
    write_from(campaign, NO=24)
    report(campaign, 25)

    assert public_tally(campaign) == {"reported": 25}
    assert "24" not in page(campaign, "tally")


def test_a_number_that_reaches_the_minimum_is_shown(campaign: Campaign) -> None:
    write_from(campaign, NO=25)

    assert public_tally(campaign) == {"wrote": 25}
    assert "<dd>25</dd>" in page(campaign, "tally")


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"NO": 20, "GB": 10}, [("Norway", 20), ("United Kingdom", 10)]),
        ({"NO": 20, "unsaid": 10}, [("Norway", 20), ("Not said", 10)]),
        # Two people of one country alone could be worked out, so the next smallest stands with them.
        ({"NO": 20, "GB": 10, "KZ": 2}, [("Norway", 20), ("Other countries together", 12)]),
        ({"NO": 20, "GB": 10, "KZ": 2, "RU": 1}, [("Other countries together", 13), ("Norway", 20)]),
        (
            {"NO": 20, "GB": 10, "KZ": 4, "RU": 3},
            [("Norway", 20), ("United Kingdom", 10), ("Other countries together", 7)],
        ),
        ({"NO": 30, "KZ": 1}, [("Other countries together", 31)]),
        ({"NO": 10, "GB": 10}, []),
    ],
)
def test_a_country_with_few_people_can_neither_be_read_nor_worked_out(
    people: dict[str, int], expected: list[tuple[str, int]], campaign: Campaign
) -> None:
    write_from(campaign, **people)

    rows = [(row.label, row.count) for row in public_countries(campaign)]

    assert sorted(rows) == sorted(expected)
    assert all(count >= 5 for _label, count in rows)
    assert sum(count for _label, count in rows) in {0, sum(people.values())}


def test_the_table_of_countries_is_drawn(campaign: Campaign) -> None:
    write_from(campaign, NO=20, GB=10)

    html = page(campaign, "tally_countries")

    assert "United Kingdom" in html
    assert 'width="50%"' in html
