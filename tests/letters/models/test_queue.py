"""The claim: each row to one worker, in order, on PostgreSQL and on SQLite alike."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from letters.models import Delivery, DeliveryLog, DeliveryState, OvertakenError
from letters.models.queue import BATCH, DeliveryQuerySet
from letters.sending import outbox
from tests.factories import make_campaign, make_letter, make_office

S = DeliveryState


def queue(number: int) -> list[Delivery]:
    campaign = make_campaign(make_office())
    for _ in range(number):
        outbox.confirm(make_letter(campaign))
    return list(Delivery.objects.order_by("pk"))


@pytest.mark.django_db
def test_a_claim_takes_as_many_as_asked_and_gives_owner_fence_and_lease(settings: Settings) -> None:
    settings.LEASE_SENDING_SECONDS = 60
    queue(3)

    claimed = Delivery.objects.ready().claim("w", 2)

    rows = Delivery.objects.filter(state=S.SENDING)
    assert {row.pk for row in claimed} == {row.pk for row in rows}
    for row in rows:
        assert (row.owner, row.fence) == ("w", 1)
        assert row.lease_until
        assert 50 < (row.lease_until - timezone.now()).total_seconds() < 70


@pytest.mark.django_db
def test_our_own_mail_and_the_earliest_deadline_go_first() -> None:
    late, soon = queue(2)
    Delivery.objects.filter(pk=soon.pk).update(deliver_by=timezone.now() + dt.timedelta(hours=1))
    outbox.request_confirmation(make_letter())

    claimed = Delivery.objects.ready().claim("w", 3)

    assert [row.role for row in claimed] == ["service", "primary", "primary"]
    assert claimed[1:] == [soon, late]


@pytest.mark.django_db
def test_a_delivery_that_may_be_deadly_is_claimed_alone() -> None:
    first, *others = queue(3)
    Delivery.objects.filter(pk=first.pk).update(attempts=5)

    assert Delivery.objects.ready().claim("w", 10) == others
    assert Delivery.objects.ready().claim("w", 10) == [first]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_never_get_the_same_row() -> None:
    queue(60)

    def claim(number: int) -> list[int]:
        try:
            return [row.pk for row in Delivery.objects.ready().claim(f"w{number}", 7)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [pk for pks in pool.map(claim, range(18)) for pk in pks]

    assert len(taken) == len(set(taken)) == 60
    assert DeliveryLog.objects.filter(to_state=S.SENDING).count() == 60


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_claim_does_not_wait_for_another_one() -> None:
    queue(4)

    def claim() -> int:
        try:
            return len(Delivery.objects.ready().claim("other", 2))
        finally:
            connection.close()

    with transaction.atomic():
        mine = Delivery.objects.ready().claim("mine", 2)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(claim).result(timeout=5) == 2
    assert len(mine) == 2


@pytest.mark.django_db
def test_a_move_of_many_takes_more_than_one_batch_and_leaves_what_may_not_move() -> None:
    accepted = queue(2)[0]
    Delivery.objects.filter(pk=accepted.pk).update(
        state=S.ACCEPTED, handed_over_at=timezone.now(), handed_over_on=timezone.localdate()
    )
    template = Delivery.objects.get(state=S.QUEUED)
    Delivery.objects.bulk_create(
        Delivery(
            campaign=template.campaign,
            role="service",
            purpose="copies",
            channel="email",
            language="en",
            text_hash="",
        )
        for _ in range(BATCH)
    )

    assert Delivery.objects.move(S.CANCELLED, reason="over") == BATCH + 1
    assert Delivery.objects.exclude(state=S.CANCELLED).get() == accepted
    assert DeliveryLog.objects.filter(to_state=S.CANCELLED, reason="over").count() == BATCH + 1


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has only one of the two ways")
@pytest.mark.parametrize("to", [S.SENDING, S.HELD, S.EXPIRED])
def test_a_move_in_one_statement_does_what_a_move_in_steps_does(
    to: DeliveryState, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = queue(2)
    changes = {"owner": "w", "fence": F("fence") + 1} if to == S.SENDING else {"hold_reason": "moderation"}
    rows[0].advance(to, reason="why", **changes)
    monkeypatch.setattr(DeliveryQuerySet, "_move_in_one_statement", DeliveryQuerySet._move_in_steps)
    rows[1].advance(to, reason="why", **changes)

    columns = ["state", "hold_reason", "reason", "owner", "fence", "attempts", "handed_over_on", "replaced_at"]
    times = ["lease_until", "settled_at", "handed_over_at"]
    one, steps = Delivery.objects.order_by("pk").values(*columns), Delivery.objects.order_by("pk").values(*times)
    assert one[0] == one[1]
    assert [value is None for value in steps[0].values()] == [value is None for value in steps[1].values()]
    logged = DeliveryLog.objects.order_by("pk").values("from_state", "to_state", "owner", "fence", "reason")
    assert logged[0] == logged[1]
    first, second = DeliveryLog.objects.order_by("pk")
    assert abs(first.at - second.at) < dt.timedelta(seconds=10)


@pytest.mark.django_db
def test_a_move_of_a_row_that_is_elsewhere_by_now_writes_no_log() -> None:
    [row] = queue(1)
    Delivery.objects.update(fence=9)

    with pytest.raises(OvertakenError):
        row.advance(S.CANCELLED)

    assert not DeliveryLog.objects.exists()
