"""How people stand now, from the dated rows."""

import datetime as dt

import pytest

from prisoners.fields import FuzzyDate
from prisoners.models import Case, CaseMember, Custody, Sentence
from prisoners.standing import Standing, standings, with_story
from tests.factories import make_case, make_entry, make_member, make_person

pytestmark = pytest.mark.django_db


def stand(case: Case) -> list[Standing]:
    """Return how everybody in the case stands, read anew."""
    return standings(with_story(Case.objects.all()).get(pk=case.pk))


def day(text: str) -> dict[str, dt.date]:
    return {"date_start": dt.date.fromisoformat(text), "date_end": dt.date.fromisoformat(text)}


def test_a_conviction_overturned_on_bail_and_confirmed_ends_in_prison() -> None:
    case = make_case(make_person())
    make_entry(case, "Arrested", custody=Custody.DETAINED, **day("2008-09-03"))
    make_entry(case, "Overturned", custody=Custody.BAIL, **day("2009-05-12"))
    make_entry(case, "Confirmed", custody=Custody.IMPRISONED, **day("2009-06-26"))

    [row] = stand(case)

    assert row.custody == Custody.IMPRISONED
    assert row.held_since.start == dt.date(2009, 6, 26)


def test_time_in_custody_is_told_from_its_beginning_not_from_the_last_transfer() -> None:
    case = make_case(make_person())
    make_entry(case, "Arrested", kind="arrest", **day("2016-02-11"))
    make_entry(case, "Moved", custody=Custody.TRANSFERRED, **day("2019-12-01"))

    [row] = stand(case)

    assert row.held_since.start == dt.date(2016, 2, 11)


def test_who_is_free_is_not_held_since_any_day() -> None:
    case = make_case(make_person())
    make_entry(case, "Arrested", custody=Custody.DETAINED, **day("2016-02-11"))
    make_entry(case, "Let out", custody=Custody.RELEASED, **day("2017-02-11"))

    [row] = stand(case)

    assert row.is_free
    assert row.held_since == FuzzyDate()


def test_an_entry_changes_only_those_whom_it_names() -> None:
    case = make_case()
    one, other = make_member(case, make_person()), make_member(case, make_person())
    make_entry(case, "One is let out", one, custody=Custody.RELEASED)

    assert {row.member: row.is_free for row in stand(case)} == {one: True, other: False}


def test_each_member_has_their_own_sentence_in_words() -> None:
    case = make_case()
    first, second = make_member(case, make_person()), make_member(case, make_person())
    Sentence.objects.create(member=first, shortest=19)
    Sentence.objects.create(member=second, kind=Sentence.Kind.POSSIBLE, shortest=3, longest=8)

    assert [row.in_words for row in stand(case)] == [
        "in prison; sentenced to 19 years",
        "in prison; could face 3–8 years",
    ]


def test_the_last_sentence_is_the_one_that_stands() -> None:
    case = make_case()
    member = make_member(case, make_person(), custody=Custody.BAIL)
    Sentence.objects.create(member=member, position=1, shortest=6)
    Sentence.objects.create(member=member, position=2, kind=Sentence.Kind.OVERTURNED, shortest=6)

    [row] = stand(case)

    assert row.in_words == "free on bail; overturned: 6 years"


def test_a_note_that_the_sentence_says_too_is_not_repeated() -> None:
    case = make_case()
    member = make_member(case, make_person(), custody=Custody.JAILED, custody_note={"en": "fifteen days"})
    Sentence.objects.create(member=member, shortest=15, unit="days", text={"en": "fifteen days in jail"})

    [row] = stand(case)

    assert row.in_words == "in jail for some days; sentenced to fifteen days in jail"


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [(CaseMember.Qualifier.AT_LEAST, "at least 10,000"), (CaseMember.Qualifier.EXACTLY, "10,000")],
)
def test_a_group_says_how_exact_its_number_is(qualifier: str, words: str) -> None:
    case = make_case()
    make_member(case, group_count=10000, group_qualifier=qualifier)

    [row] = stand(case)

    assert row.number == words
