"""One thing that breaks at a time, and what the next minute looks like."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from letters.sending import outbox
from tests.factories import make_campaign, make_letter, make_office
from tests.faults.conftest import Hire
from tests.faults.ordeal import Broker, Ordeal, crash_database
from tests.faults.plan import SHORT
from tests.faults.relay import Relay
from tests.invariants import check_deliveries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.faults, pytest.mark.slow]


def test_workers_go_on_after_a_crash_of_the_database_without_being_restarted(
    hire: Hire, broker: Broker, live_mode: None, tmp_path: Path
) -> None:
    relay = Relay(random.Random(1), tmp_path / "mail.log")
    crew = hire(relay)
    ordeal = Ordeal(SHORT, random.Random(1), crew, relay, broker)
    campaign = make_campaign(make_office())
    for _ in range(8):
        outbox.confirm(make_letter(campaign))
    ordeal.recover()
    before = {name: worker.process.pid for name, worker in crew.workers.items()}

    crash_database()
    for _ in range(8):
        outbox.confirm(make_letter(campaign))
    ordeal.recover()

    assert {name: worker.process.pid for name, worker in crew.workers.items()} == before
    check_deliveries([message.data for message in relay.received], offices=1)
    relay.stop()
