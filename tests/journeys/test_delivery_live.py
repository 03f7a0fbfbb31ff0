"""The letter's way in live mode: real workers, a real broker, a real SMTP server on loopback."""

import re
import time
from collections.abc import Callable

import pytest
from redis import Redis

from letters import tokens
from letters.models import Delivery, DeliveryState, Letter
from letters.sending import outbox
from tests import servers
from tests.factories import make_campaign, make_letter, make_office
from tests.invariants import check_deliveries, waiting
from tests.journeys.conftest import StartLive
from tests.smtp_faults import FaultySmtpServer
from tests.workers import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

OFFICES = 2


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def confirm(number: int) -> list[Letter]:
    """Write and confirm letters, each to two offices of its own campaign."""
    campaign = make_campaign(*(make_office() for _ in range(OFFICES)))
    letters = [make_letter(campaign) for _ in range(number)]
    assert all(outbox.confirm(letter) for letter in letters)
    return letters


def test_a_letter_goes_from_the_link_to_the_offices(server: FaultySmtpServer, live_worker: StartLive) -> None:
    live_worker()
    letter = make_letter(make_campaign(*(make_office() for _ in range(OFFICES))))

    outbox.request_confirmation(letter)
    wait_until(lambda: len(server.received) == 1)
    found = re.search(rb"/letters/([\w-]+)/confirm/", server.received[0].data)
    assert found
    asked = tokens.read(found[1].decode(), tokens.Purpose.CONFIRM)
    assert asked
    assert server.received[0].rcpt_to == (f"RCPT TO:<{letter.email}>",)
    assert outbox.confirm(asked)

    wait_until(lambda: waiting() == 0)
    states = check_deliveries([message.data for message in server.received], offices=OFFICES)
    assert states == {DeliveryState.ACCEPTED: 1 + OFFICES}
    to_offices = server.received[1:]
    addresses = Delivery.objects.letters().values_list("address", flat=True)
    assert {message.rcpt_to for message in to_offices} == {(f"RCPT TO:<{address}>",) for address in addresses}
    assert all(letter.email.encode() not in message.data for message in to_offices)
    assert all(message.mail_from.startswith("MAIL FROM:<bounce+") for message in to_offices)


def test_a_worker_killed_in_mid_delivery_costs_nothing_but_one_question(
    server: FaultySmtpServer, live_worker: StartLive
) -> None:
    server.fault("dot", silent=True, taken=True, after=3)
    killed = live_worker("-P", "solo", SMTP_FINAL_SECONDS="60", LEASE_HANDING_OVER_SECONDS="62")
    confirm(5)
    wait_until(lambda: len(server.received) == 4)
    assert Delivery.objects.filter(state=DeliveryState.HANDING_OVER).count() == 1
    killed.kill9()

    Delivery.objects.filter(state=DeliveryState.HANDING_OVER).update(lease_until="2001-01-01T00:00Z")
    live_worker("-B")

    wait_until(lambda: waiting() == 0)
    states = check_deliveries([message.data for message in server.received], offices=OFFICES, most_unknown=1)
    assert states == {DeliveryState.ACCEPTED: 9, DeliveryState.UNKNOWN: 1}


def test_each_answer_of_a_server_ends_where_it_should(server: FaultySmtpServer, live_worker: StartLive) -> None:
    server.fault("RCPT", reply="550 5.1.1 nobody here")
    server.fault("RCPT", reply="450 4.2.0 later")
    server.fault("dot", reply="554 5.7.1 no")
    server.fault("dot", taken=True)  # it hangs up and says nothing
    live_worker("-P", "solo")
    confirm(3)

    wait_until(lambda: not Delivery.objects.filter(state__in=["queued", "sending", "handing_over"]).exists())

    found = dict(Delivery.objects.values_list("pk", "state"))
    assert sorted(found.values()) == ["accepted", "accepted", "deferred", "failed", "failed", "unknown"]
    deferred = Delivery.objects.get(state=DeliveryState.DEFERRED)
    assert (deferred.attempts, "450" in deferred.reason) == (1, True)
    Delivery.objects.filter(pk=deferred.pk).update(next_attempt_at="2001-01-01T00:00Z")
    live_worker("-B")

    wait_until(lambda: waiting() == 0)
    states = check_deliveries([message.data for message in server.received], offices=OFFICES, most_unknown=1)
    assert states == {"accepted": 3, "failed": 2, "unknown": 1}


def test_two_beats_do_everything_once(server: FaultySmtpServer, live_worker: StartLive) -> None:
    live_worker("-B")
    live_worker("-B")
    confirm(20)

    wait_until(lambda: waiting() == 0)
    states = check_deliveries([message.data for message in server.received], offices=OFFICES)
    assert states == {DeliveryState.ACCEPTED: 20 * OFFICES}


@pytest.mark.parametrize(("pool", "stop"), [("threads", Worker.stop), ("prefork", Worker.stop_all)])
def test_a_worker_asked_to_stop_finishes_what_it_holds_and_gives_back_the_rest_at_once(
    server: FaultySmtpServer, live_worker: StartLive, pool: str, stop: Callable[[Worker], None]
) -> None:
    server.pause = 0.2
    worker = live_worker("-P", pool, "-c", "2", DRAIN_SECONDS="60", LEASE_SENDING_SECONDS="60")
    confirm(60)
    wait_until(lambda: len(server.received) > 3)
    assert Delivery.objects.filter(state=DeliveryState.SENDING).count() > 1

    before = time.monotonic()
    stop(worker)

    assert time.monotonic() - before < 10, "it does not go on until its drain is over"
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ACCEPTED, DeliveryState.QUEUED}
    server.pause = 0
    live_worker("-B")
    wait_until(lambda: waiting() == 0)
    check_deliveries([message.data for message in server.received], offices=OFFICES)


def test_a_broker_that_forgets_everything_delays_and_loses_nothing(
    server: FaultySmtpServer, live_worker: StartLive, redis_url: str
) -> None:
    confirm(10)
    Redis.from_url(redis_url).flushdb()

    live_worker("-B")

    wait_until(lambda: waiting() == 0)
    states = check_deliveries([message.data for message in server.received], offices=OFFICES)
    assert states == {DeliveryState.ACCEPTED: 10 * OFFICES}


@pytest.mark.faults
def test_a_broker_that_stops_delays_and_loses_nothing(server: FaultySmtpServer, live_worker: StartLive) -> None:
    address = servers.new_redis_address()
    broker = servers.Server("redis", address)
    live_worker("-B", BROKER_URL=address)
    confirm(5)
    wait_until(lambda: waiting() == 0)

    time.sleep(3)  # a drain that looks once more, on a busy machine, has ended by then
    broker.stop()
    confirm(5)
    time.sleep(2)  # two beats that nobody hears
    assert waiting() == 5 * OFFICES
    broker = servers.Server("redis", address)

    wait_until(lambda: waiting() == 0, 60)
    broker.stop()
    states = check_deliveries([message.data for message in server.received], offices=OFFICES)
    assert states == {DeliveryState.ACCEPTED: 10 * OFFICES}
