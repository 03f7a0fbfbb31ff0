"""The proof can fail: with the reaper that resends, or without the fence, letters arrive twice and it says so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from letters.models import Delivery
from tests.faults.conftest import Hire
from tests.faults.ordeal import Broker, run
from tests.faults.plan import LONG, Plan, plan
from tests.faults.relay import name_of
from tests.invariants import check_arrivals

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.skipif(plan() is not LONG, reason="a part of make faults"),
]

MUTANTS = {
    "resending": Plan(letters=100, kills=12, sleeps=0, crashes=0, deploys=0, flushes=0, without_redis=0),
    "unfenced": Plan(letters=300, kills=0, sleeps=4, crashes=0, deploys=0, flushes=0, without_redis=0),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_worker_that_breaks_the_promise_is_found_out(
    mutant: str, hire: Hire, broker: Broker, live_mode: None, tmp_path: Path
) -> None:
    relay = run(MUTANTS[mutant], 1, hire, broker, tmp_path, "-I", f"tests.faults.mutants.{mutant}")

    rows = {row.message_id: row for row in Delivery.objects.all()}
    with pytest.raises(AssertionError, match="I3: nothing arrives twice"):
        check_arrivals(Counter(name_of(message.data) for message in relay.received), rows)
