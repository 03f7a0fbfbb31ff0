"""A token opens one letter for one purpose, and nothing else does."""

import datetime as dt
import string

import pytest
import time_machine
from django.utils import timezone

from letters import tokens
from letters.models import Letter
from letters.tokens import Purpose
from tests.factories import make_letter

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_letter_for_its_purpose_only() -> None:
    letter, other = make_letter(), make_letter()

    for purpose in Purpose:
        token = tokens.make(letter, purpose)
        assert [wanted for wanted in Purpose if tokens.read(token, wanted) == letter] == [purpose]
    assert tokens.make(letter, Purpose.STATUS) != tokens.make(other, Purpose.STATUS)


def test_a_token_with_any_other_character_opens_nothing() -> None:
    token = tokens.make(make_letter(), Purpose.CONFIRM)

    for place, was in enumerate(token):
        other = next(char for char in string.ascii_letters if char != was)
        assert tokens.read(token[:place] + other + token[place + 1 :], Purpose.CONFIRM) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 54, "\0" * 54, "é" * 54, "\ud800" * 54, "x" * 10_000])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert tokens.read(token, Purpose.STATUS) is None


def test_the_seal_of_one_letter_does_not_fit_another() -> None:
    first, second = (tokens.make(make_letter(), Purpose.STATUS) for _ in range(2))
    assert tokens.read(first[:22] + second[22:], Purpose.STATUS) is None


def test_a_new_generation_makes_old_links_useless() -> None:
    letter = make_letter()
    token = tokens.make(letter, Purpose.STATUS)
    Letter.objects.update(token_generation=2)

    assert tokens.read(token, Purpose.STATUS) is None


def test_the_link_to_confirm_ends_with_the_letters_time_and_the_others_do_not() -> None:
    letter = make_letter()
    made = {purpose: tokens.make(letter, purpose) for purpose in Purpose}

    with time_machine.travel(timezone.now() + dt.timedelta(hours=73)):
        assert tokens.read(made[Purpose.CONFIRM], Purpose.CONFIRM) is None
        assert tokens.read(made[Purpose.STATUS], Purpose.STATUS) == letter
