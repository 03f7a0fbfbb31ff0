"""Dates as organisers type them."""

import datetime as dt

import pytest
from django.forms import ModelForm
from django.http import QueryDict
from django.utils import translation

from prisoners.fields import FuzzyDate, Precision, Translated
from prisoners.fields.date_forms import FuzzyDateFormField, FuzzyDateWidget, form_with_dates
from prisoners.models import Person

LATE_2009 = FuzzyDate(
    Translated({"en": "late 2009", "kk": "2009 соңы"}), Precision.ABOUT, dt.date(2009, 10, 1), dt.date(2009, 12, 31)
)


def typed(**boxes: str) -> QueryDict:
    """Return a sent form with these boxes of the birthday."""
    data = QueryDict(mutable=True)
    data.update({f"born_{box}": text for box, text in boxes.items()})
    return data


def person_born(date: FuzzyDate) -> Person:
    person = Person()
    person.born = date
    return person


def born(person: Person, **boxes: str) -> FuzzyDate:
    """Send the form for `person` and return the birthday then."""
    form = form_with_dates(Person, ModelForm)(typed(**boxes), instance=person)
    assert form.is_valid(), form.errors
    form.save(commit=False)
    return person.born


@pytest.mark.parametrize("text", ["2009-05-12", "2009-05", "2009"])
def test_a_date_is_read_as_exactly_as_it_is_given(text: str) -> None:
    assert born(Person(), typed=text) == FuzzyDate.parse(text)


def test_what_is_no_date_becomes_words_in_the_language_of_the_page() -> None:
    with translation.override("ru"):
        date = born(Person(), typed="конец 2009 года")

    assert (dict(date.text), date.start) == ({"ru": "конец 2009 года"}, None)


def test_two_days_are_a_range_and_about_is_kept() -> None:
    assert born(Person(), first="2009-11-29", last="2009-12-02").precision == Precision.RANGE
    assert born(Person(), first="2009-11-29", last="2009-12-02", about="on").precision == Precision.ABOUT
    assert born(Person(), first="2009-11-29").end == dt.date(2009, 11, 29)


@pytest.mark.parametrize(
    "boxes",
    [
        {"typed": "2009-02-30"},
        {"typed": "2009-13"},
        {"typed": "0000"},
        {"first": "2009-12-02", "last": "2009-11-29"},
        {"typed": "2009", "first": "2009-11-29"},
    ],
)
def test_an_impossible_date_is_refused_and_comes_back_as_typed(boxes: dict[str, str]) -> None:
    form = form_with_dates(Person, ModelForm)(typed(**boxes))

    assert "born" in form.errors
    assert all(text in form["born"].as_widget() for text in boxes.values())


def test_words_in_a_language_that_the_page_did_not_show_are_never_lost() -> None:
    date = born(person_born(LATE_2009), first="2009-10-01", last="2009-12-31", about="on", words__en="end of 2009")

    assert dict(date.text) == {"en": "end of 2009", "kk": "2009 соңы"}
    assert date.precision == Precision.ABOUT


def test_an_untouched_date_keeps_what_its_boxes_cannot_say() -> None:
    odd = FuzzyDate(Translated(), Precision.YEAR, dt.date(2009, 3, 1), None)

    assert born(person_born(odd), first="2009-03-01") == odd


@pytest.mark.parametrize("date", [FuzzyDate.parse("2009"), FuzzyDate.parse("2009-05-12"), LATE_2009, FuzzyDate()])
def test_a_date_shown_and_sent_back_is_the_same(date: FuzzyDate) -> None:
    assert FuzzyDateFormField().clean(FuzzyDateWidget().decompress(date)) == date
