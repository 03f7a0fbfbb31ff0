"""Trial mode: a worker of its own keeps every delivery where organisers can read it."""

import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from letters.models import Delivery, DeliveryState, Letter
from letters.sending import outbox
from tests.factories import make_campaign, make_letter, make_office
from tests.workers import StartWorker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_a_worker_keeps_what_trial_mode_would_send(worker: StartWorker) -> None:
    worker()
    letter = make_letter(make_campaign(make_office(), make_office()))

    assert outbox.confirm(letter)

    wait_until(lambda: states() == [DeliveryState.CAPTURED] * 2)
    delivery = Delivery.objects.order_by("pk")[0]
    assert list(delivery.log.values_list("from_state", "to_state")) == [("queued", "sending"), ("sending", "captured")]
    assert delivery.text.startswith("Dear Prosecutor,")


def test_going_live_never_sends_what_was_written_on_trial(worker: StartWorker) -> None:
    outbox.confirm(make_letter())

    worker("-B", DELIVERY_MODE="live", EMAIL_URL="smtp://127.0.0.1:1", SWEEP_SECONDS="1")

    wait_until(lambda: states() == [DeliveryState.CAPTURED])
    assert Letter.objects.get().trial


def test_a_site_that_goes_back_to_trial_mode_keeps_what_was_confirmed_live(
    worker: StartWorker, settings: Settings
) -> None:
    settings.DELIVERY_MODE = "live"
    outbox.confirm(make_letter())
    settings.DELIVERY_MODE = "capture"
    outbox.confirm(make_letter())

    worker("-B", SWEEP_SECONDS="1")

    wait_until(lambda: states() == [DeliveryState.CAPTURED, DeliveryState.QUEUED])
    time.sleep(2)  # two sweeps
    assert not Delivery.objects.get(trial=False).log.exists()
