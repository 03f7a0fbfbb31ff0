"""Kills and broken connections at random: nothing twice, nothing lost, and few questions, all of them explained.

`FAULT_SEEDS=20 pytest -m faults` runs more of them; the seed stands in the name of the test.
"""

import os
import random
import time
from collections.abc import Callable

import pytest

from letters.models import Delivery, DeliveryState
from letters.sending import outbox
from tests.factories import make_campaign, make_letter, make_office
from tests.invariants import check_deliveries, waiting
from tests.journeys.conftest import StartLive
from tests.smtp_faults import FaultySmtpServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.faults,
    pytest.mark.slow,
]

SEEDS = range(int(os.environ.get("FAULT_SEEDS", "1")))
LETTERS, OFFICES = 60, 2
KILLS, CHILDREN = 4, 2
POOLS = [("-P", "prefork", "-c", str(CHILDREN)), ("-P", "threads", "-c", str(CHILDREN))]


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def plan_faults(server: FaultySmtpServer, chance: random.Random) -> int:
    """Plan one message in twenty to go wrong in one of five ways; return how many of them leave a question."""
    questions = 0
    for _ in range(LETTERS * OFFICES // 20):
        gap = chance.randrange(5, 30)
        kind = chance.randrange(5)
        questions += kind >= 3
        if kind == 0:
            server.fault("RCPT", reply="450 4.2.0 later", after=gap)
        elif kind == 1:
            server.fault("MAIL", after=gap)  # it hangs up
        elif kind == 2:
            server.fault("dot", reply="451 4.3.0 later", after=gap)
        elif kind == 3:
            server.fault("dot", taken=True, after=gap)  # taken, and it hangs up
        else:
            server.fault("dot", reply="421 4.3.2 closing", closes=True, after=gap)
    return questions


@pytest.mark.parametrize("pool", POOLS, ids=lambda pool: pool[1])
@pytest.mark.parametrize("seed", SEEDS)
def test_kills_and_faults_send_nothing_twice_and_lose_nothing(
    server: FaultySmtpServer, live_worker: StartLive, seed: int, pool: tuple[str, ...]
) -> None:
    chance = random.Random(seed)
    questions = plan_faults(server, chance)
    campaign = make_campaign(*(make_office() for _ in range(OFFICES)))
    for _ in range(LETTERS):
        assert outbox.confirm(make_letter(campaign))

    for _ in range(KILLS):
        victim = live_worker("-B", *pool)
        goal = len(server.received) + chance.randrange(3, 15)
        wait_until(lambda goal=goal: len(server.received) >= goal or not waiting(), 30)  # type: ignore[misc]  # mypy can't infer it
        time.sleep(chance.random() / 20)
        victim.kill9()
    live_worker("-B", *pool)

    def quiet() -> bool:
        Delivery.objects.filter(state=DeliveryState.DEFERRED).update(next_attempt_at="2001-01-01T00:00Z")
        return not waiting()

    wait_until(quiet, 90)
    received = [message.data for message in server.received]
    check_deliveries(received, offices=OFFICES, most_unknown=KILLS * CHILDREN + questions)
    assert Delivery.objects.filter(state=DeliveryState.ACCEPTED).count() > LETTERS * OFFICES // 2
