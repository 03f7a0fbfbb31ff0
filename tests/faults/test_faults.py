"""Kills, crashes and broken connections at random: nothing lost, nothing twice, and each question explained.

`make faults` runs it long and with many seeds; the seed stands in the name of the test, and `make faults SEED=7`
repeats one.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from letters.models import Delivery
from tests.faults.conftest import Hire
from tests.faults.ordeal import Broker, run, settle, unknown_so_far
from tests.faults.plan import COPIES, HANDS, OFFICES, WORKERS, plan, seeds
from tests.faults.relay import name_of
from tests.invariants import check_deliveries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.faults, pytest.mark.slow]


@pytest.mark.parametrize("seed", seeds())
def test_whatever_breaks_nothing_is_lost_and_nothing_arrives_twice(
    seed: int,
    hire: Hire,
    broker: Broker,
    live_mode: None,
    settings: Settings,
    tmp_path: Path,
    table: list[tuple[int, ...]],
) -> None:
    hard, started = plan(), time.monotonic()
    relay = run(hard, seed, hire, broker, tmp_path)
    seconds = round(time.monotonic() - started)

    asked = unknown_so_far()
    settings.POSTFIX_LOG = str(relay.log)
    settle()
    relay.stop()
    questions = asked - relay.logged
    injected = {name for name, question in relay.doubtful.items() if not question.logged}
    rows = dict(Delivery.objects.values_list("message_id", "state"))
    copies = Counter(name_of(message.data) for message in relay.received)
    extra = sum(copies.values()) - len(copies)
    lost = len(set(rows) - set(copies) - questions)
    known = (len(copies), extra, lost, len(asked), len(questions), len(injected))
    table.append((seed, len(rows), hard.kills, *known, seconds))

    interruptions = hard.kills + hard.sleeps + WORKERS * hard.crashes
    states = check_deliveries(
        [message.data for message in relay.received],
        offices=OFFICES,
        copies=COPIES,
        most_unknown=len(relay.doubtful) + HANDS * interruptions,
        unresolved=questions,
    )
    assert injected <= questions, "what was injected without evidence is asked"
    assert len(questions - injected) <= HANDS * interruptions, "the rest was in the hands of those that were killed"
    assert lost == extra == 0
    assert len(rows) == hard.deliveries
    assert states == {"accepted": hard.deliveries - len(questions), "unresolved": len(questions)}
