"""Days, hours and numbers as they are written in each language."""

import datetime as dt

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import translation
from django.utils.formats import date_format

MOMENT = dt.datetime(2026, 3, 14, 13, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "day", "moment", "number"),
    [
        ("en", "14 March 2026", "14 March 2026, 13:05", "12,345"),
        ("ar", "14 مارس 2026", "14 مارس 2026، 13:05", "12,345"),
    ],
)
def test_a_language_writes_days_hours_and_numbers_its_own_way(
    language: str, day: str, moment: str, number: str
) -> None:
    with translation.override(language):
        written = date_format(MOMENT.date()), date_format(MOMENT, "DATETIME_FORMAT"), intcomma(12345)

    assert written == (day, moment, number)
