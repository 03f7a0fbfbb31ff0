"""Limits for the public: a token bucket that knows nobody."""

import datetime as dt

import pytest
import time_machine

from letters.models import Allowance

pytestmark = pytest.mark.django_db
take = Allowance.objects.take


def test_a_bucket_is_full_at_first_and_then_empty() -> None:
    assert [take("mail", "ada@example.test", capacity=3) for _ in range(4)] == [True, True, True, False]
    assert take("mail", "bob@example.test", capacity=3)


def test_tokens_flow_back_but_never_over_the_brim() -> None:
    with time_machine.travel("2026-11-21 10:00Z", tick=False) as clock:
        assert take("network", "192.0.2.0", price=10, capacity=10, a_day=240)
        assert not take("network", "192.0.2.0", capacity=10, a_day=240)
        clock.shift(dt.timedelta(minutes=6))
        assert take("network", "192.0.2.0", capacity=10, a_day=240)
        clock.shift(dt.timedelta(hours=10))
        assert take("network", "192.0.2.0", price=10, capacity=10, a_day=240)
        assert not take("network", "192.0.2.0", capacity=10, a_day=240)


def test_two_takes_can_be_kept_apart() -> None:
    minute = dt.timedelta(seconds=60)
    with time_machine.travel("2026-11-21 10:00Z", tick=False) as clock:
        assert take("mail", "ada@example.test", capacity=3, gap=minute)
        clock.shift(59)
        assert not take("mail", "ada@example.test", capacity=3, gap=minute)
        clock.shift(1)
        assert take("mail", "ada@example.test", capacity=3, gap=minute)


def test_what_harmed_nobody_is_given_back() -> None:
    assert take("mail", "ada@example.test", capacity=1)
    Allowance.objects.give_back("mail", "ada@example.test")
    assert take("mail", "ada@example.test", capacity=1)


def test_no_row_tells_who_it_is_and_none_outlives_the_next_day() -> None:
    with time_machine.travel("2026-11-21 10:00Z", tick=False) as clock:
        take("network", "192.0.2.0", capacity=10)
        row = Allowance.objects.get()
        assert "192.0.2" not in str(vars(row))
        clock.shift(dt.timedelta(days=1))
        take("network", "198.51.100.0", capacity=10)
        assert not Allowance.objects.filter(pk=row.pk).exists()
