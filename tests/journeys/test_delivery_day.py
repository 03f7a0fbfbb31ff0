"""A day of a busy site on a clock of the test's own: no ceiling is broken, nobody starves, no promise is forgotten."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from campaigns.models import Channel
from letters.sending.channels import registry
from tests.simulated_clock import simulated_clock
from tests.simulated_day import MONDAY, SLOW, Captured, Day, a_day, check_day

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LETTERS, HOURS = 800, 24


@pytest.fixture
def day(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    for name, value in {"DELIVERY_MODE": "live", **SLOW.settings()}.items():
        setattr(settings, name, value)
    monkeypatch.setattr(registry, "CHANNELS", {Channel.EMAIL: Captured, Channel.FAX: Captured})
    with simulated_clock(MONDAY) as set_clock:
        yield a_day(set_clock)


def test_a_day_of_many_letters_keeps_every_promise(day: Day) -> None:
    random.seed(1)  # the site's own jitter: the same day at each run
    day.live(LETTERS, HOURS, random.Random(1), SLOW.tick)

    figures = check_day(day, SLOW)

    assert figures["left"] > LETTERS / 2
