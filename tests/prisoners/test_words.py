"""The filters that print texts and dates."""

import datetime as dt

import pytest
from django.utils.translation import override

from prisoners.fields import FuzzyDate, Precision, Translated
from prisoners.templatetags.words import brief, country_names, direction, foreign_note, prose, when, words

DAY = dt.date(2009, 6, 26)


def test_a_text_in_the_pages_language_stands_as_it_is() -> None:
    assert words(Translated({"en": "Free <Vera>"})) == "Free &lt;Vera&gt;"


def test_a_text_in_another_language_carries_its_language_and_direction() -> None:
    with override("en"):
        assert words(Translated({"ar": "الحرية"})) == '<span lang="ar" dir="rtl">الحرية</span>'


def test_a_regional_variant_is_the_same_language() -> None:
    with override("en"):
        assert words(Translated({"en-gb": "colour"})) == "colour"


def test_a_language_that_is_not_known_finds_its_own_direction() -> None:
    assert direction("crh") == "auto"


def test_a_longer_text_in_another_language_says_so_above_it() -> None:
    with override("ru"):
        html = prose(Translated({"en": "She was *arrested*."}))

    assert '<div lang="en" dir="ltr"><p>She was <em>arrested</em>.</p>' in html
    assert html.index("soft") < html.index("lang=")


def test_no_text_prints_nothing() -> None:
    assert (words(Translated()), prose(Translated()), brief(Translated()), foreign_note("")) == ("", "", "", "")


def test_a_brief_text_ends_after_its_first_words() -> None:
    assert brief(Translated({"en": "word " * 40})).endswith("…")


@pytest.mark.parametrize(
    ("date", "printed"),
    [
        (FuzzyDate(start=DAY, end=DAY, precision=Precision.DAY), '<time datetime="2009-06-26">26 June 2009</time>'),
        (FuzzyDate(Translated({"en": "undated"})), "undated"),
        (
            FuzzyDate(Translated({"en": "26 June this year"}), Precision.ABOUT, DAY, DAY),
            '26 June this year <span class="when soft">(probably 2009)</span>',
        ),
        (FuzzyDate(start=DAY, end=DAY, precision=Precision.ABOUT), "about 26 June 2009"),
        (FuzzyDate(), ""),
    ],
)
def test_a_date_keeps_the_words_of_its_source_and_marks_what_we_guess(date: FuzzyDate, printed: str) -> None:
    with override("en"):
        assert when(date) == printed


def test_countries_are_named_in_the_pages_language() -> None:
    with override("ru"):
        assert country_names(["DE", "KZ"]) == "Германия, Казахстан"
