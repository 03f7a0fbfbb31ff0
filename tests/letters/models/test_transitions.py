"""The table of moves: what is in it happens with a log row, what is not raises."""

import itertools

import pytest
from django.utils import timezone

from letters.models import Delivery, DeliveryState, HoldReason, IllegalMoveError, OvertakenError
from letters.models.transitions import MOVES, WAITING, check_move
from letters.sending import outbox
from tests.factories import make_letter

S = DeliveryState


def test_the_table_speaks_of_every_state() -> None:
    assert set(MOVES) == set(DeliveryState)


def test_every_state_can_be_reached_from_the_queue() -> None:
    reached, edge = {S.QUEUED}, {S.QUEUED}
    while edge := {end for start in edge for end in MOVES[start]} - reached:
        reached |= edge

    assert reached == set(DeliveryState)


def test_nothing_that_may_have_left_goes_back_to_the_queue_without_evidence() -> None:
    assert S.QUEUED not in MOVES[S.HANDING_OVER]
    assert S.DEFERRED not in MOVES[S.UNKNOWN]
    assert [start for start, ends in MOVES.items() if S.QUEUED in ends] == [
        S.SENDING,
        S.DEFERRED,
        S.HELD,
        S.UNKNOWN,
        S.UNRESOLVED,
    ]


def test_only_what_waits_or_is_prepared_can_be_captured() -> None:
    assert {start for start, ends in MOVES.items() if S.CAPTURED in ends} == WAITING | {S.SENDING}


@pytest.mark.parametrize(("start", "end"), list(itertools.product(DeliveryState, repeat=2)))
def test_a_move_is_made_when_the_table_has_it_and_raises_when_not(start: DeliveryState, end: DeliveryState) -> None:
    if end in MOVES[start]:
        check_move(start, end)
    else:
        with pytest.raises(IllegalMoveError):
            check_move(start, end)


@pytest.fixture
def delivery(db: None) -> Delivery:
    outbox.confirm(make_letter())
    return Delivery.objects.get()


EVERY_MOVE = [(start, end) for start, ends in MOVES.items() for end in sorted(ends)]


@pytest.mark.parametrize(("start", "end"), EVERY_MOVE)
def test_the_database_takes_every_move_of_the_table_and_keeps_one_log_row(
    delivery: Delivery, start: DeliveryState, end: DeliveryState
) -> None:
    left = {"handed_over_at": timezone.now(), "handed_over_on": timezone.localdate()}
    held = {"hold_reason": HoldReason.MODERATION} if start == S.HELD else {}
    Delivery.objects.update(state=start, lease_until=timezone.now(), **left, **held)
    delivery.refresh_from_db()

    delivery.advance(end, hold_reason=HoldReason.MODERATION if end == S.HELD else HoldReason.NONE)

    stored = Delivery.objects.get()
    assert (delivery.state, stored.state) == (end, end)
    assert list(delivery.log.values_list("from_state", "to_state")) == [(start, end)]


def test_an_illegal_move_raises_and_leaves_everything(delivery: Delivery) -> None:
    with pytest.raises(IllegalMoveError):
        delivery.advance(S.ACCEPTED)

    assert Delivery.objects.get().state == S.QUEUED
    assert not delivery.log.exists()


def test_a_worker_that_slept_past_its_lease_writes_nothing(delivery: Delivery) -> None:
    [asleep] = Delivery.objects.ready().claim("asleep", 1)
    Delivery.objects.move(S.QUEUED)
    [awake] = Delivery.objects.ready().claim("awake", 1)

    with pytest.raises(OvertakenError):
        asleep.advance(S.HANDING_OVER)

    awake.advance(S.HANDING_OVER)
    assert Delivery.objects.get().owner == "awake"


def test_the_same_worker_is_overtaken_by_its_own_later_claim(delivery: Delivery) -> None:
    [first] = Delivery.objects.ready().claim("w", 1)
    Delivery.objects.move(S.QUEUED)
    Delivery.objects.ready().claim("w", 1)

    with pytest.raises(OvertakenError):
        first.advance(S.HANDING_OVER)
