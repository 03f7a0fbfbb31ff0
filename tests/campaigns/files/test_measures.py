"""Dates, lengths and counts are read as people write them, and written so that they are read alike."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.files.kinds import Kind, Plain, Reading
from campaigns.files.measures import DATE, LENGTH_OF_SENTENCE, Count
from campaigns.files.printer import print_yaml
from campaigns.files.problems import Problems
from campaigns.files.reader import Entries, read
from prisoners.fields import FuzzyDate, Precision, Translated
from prisoners.models import Sentence

AT_LEAST = Count("exactly", ("about", "at_least", "all"))
DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1)) | st.none()
WORDS = st.dictionaries(st.sampled_from(["en", "ru"]), st.sampled_from(["late 2009", "2009", "undated"]))


def value_of(kind: Kind, plain: Plain) -> object:
    problems = Problems()
    root = read("file", print_yaml({"value": plain}).encode(), problems)
    assert isinstance(root, Entries)
    value = kind.read(root.nodes["value"], Reading(problems))
    assert not problems, problems
    return value


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("plain", "precision", "start", "end"),
    [
        ("2009", Precision.YEAR, "2009-01-01", "2009-12-31"),
        ("2009-05", Precision.MONTH, "2009-05-01", "2009-05-31"),
        ({"from": "2009-06-26"}, Precision.DAY, "2009-06-26", "2009-06-26"),
        ({"from": "2018", "to": "2022"}, Precision.RANGE, "2018-01-01", "2022-12-31"),
        ({"about": "2012-12"}, Precision.ABOUT, "2012-12-01", "2012-12-31"),
    ],
)
def test_days_are_read_as_far_as_they_are_known(plain: Plain, precision: Precision, start: str, end: str) -> None:
    assert value_of(DATE, plain) == FuzzyDate(Translated(), precision, day(start), day(end))


def test_plain_words_are_a_date_without_days() -> None:
    assert value_of(DATE, "undated") == FuzzyDate(Translated({"en": "undated"}))


@given(st.builds(FuzzyDate, WORDS.map(Translated), st.sampled_from(Precision), DAYS, DAYS))
def test_every_date_is_read_as_it_was_written(date: FuzzyDate) -> None:
    if date.start and date.end and date.end < date.start:
        return  # The database refuses it.
    if not date:
        return  # Left out of the file.
    assert value_of(DATE, DATE.write(date, "en")) == date


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("12 years", (12, None, "years")),
        ("3-8 years", (3, 8, "years")),
        ("1 day", (1, None, "days")),
        ("life", (None, None, "life")),
        ("40 other", (40, None, "other")),
    ],
)
def test_a_length_is_read_as_it_was_written(plain: str, value: tuple[int | None, int | None, str]) -> None:
    assert value_of(LENGTH_OF_SENTENCE, plain) == value
    assert value_of(LENGTH_OF_SENTENCE, LENGTH_OF_SENTENCE.write(value, "")) == value


def test_a_length_without_number_has_the_words_alone() -> None:
    assert LENGTH_OF_SENTENCE.write((None, None, Sentence.Unit.OTHER), "") == ""


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("10", (10, "exactly")),
        ("about 20", (20, "about")),
        ("at least 10,000", (10000, "at_least")),
        ("all", (None, "all")),
    ],
)
def test_a_count_says_how_exact_it_is(plain: str, value: tuple[int | None, str]) -> None:
    assert value_of(AT_LEAST, plain) == value
    assert value_of(AT_LEAST, AT_LEAST.write(value, "")) == value
