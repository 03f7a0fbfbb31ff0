"""The wake-up: rate-limited, never in a supporter's way; the sweep does without it."""

import time

import pytest
from celery import current_app
from django.db import transaction
from pytest_django import Settings

from letters.models import Delivery, DeliveryState
from letters.sending import outbox, settling, tasks
from tests.factories import make_letter


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The countdowns of the wake-ups that go out, with a kick that has not kicked yet."""
    sent: list[float] = []
    monkeypatch.setattr(tasks, "wake", tasks.Kick())
    monkeypatch.setattr(tasks.drain, "apply_async", lambda countdown, **_: sent.append(countdown))
    return sent


def test_many_letters_at_once_wake_once_and_after_the_last(published: list[float]) -> None:
    for _ in range(50):
        tasks.wake()
    assert published == [tasks.KICK_SECONDS], "what is committed while no other goes out is seen by this one"

    time.sleep(tasks.KICK_SECONDS)
    tasks.wake()
    assert len(published) == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_wakes_nobody(published: list[float]) -> None:
    letter = make_letter()

    with transaction.atomic():
        assert outbox.confirm(letter)
        transaction.set_rollback(True)

    assert published == []
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_fail_a_confirmation_and_holds_up_only_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "wake", tasks.Kick())
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    waited = []
    for letter in (make_letter(), make_letter()):
        before = time.monotonic()
        assert outbox.confirm(letter)
        waited.append(time.monotonic() - before)

    assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 2
    assert tasks.wake._next > time.monotonic() + tasks.BROKER_REST_SECONDS / 2, "it was tried, and it failed"
    assert waited[0] < 8
    assert waited[1] < 1


@pytest.mark.django_db(transaction=True)
def test_a_step_of_the_sweep_that_fails_does_not_keep_the_others_from_running(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.confirm(make_letter())

    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(settling, "STEPS", (broken, *settling.STEPS))
    tasks.sweep()

    assert Delivery.objects.get().state == DeliveryState.CAPTURED


@pytest.mark.django_db(transaction=True)
def test_a_drain_whose_time_is_over_gives_way_and_wakes_the_next(published: list[float], settings: Settings) -> None:
    settings.DRAIN_SECONDS = 0
    outbox.confirm(make_letter())
    published.clear()
    time.sleep(tasks.KICK_SECONDS)

    tasks.drain()

    assert Delivery.objects.get().state == DeliveryState.QUEUED
    assert len(published) == 1
