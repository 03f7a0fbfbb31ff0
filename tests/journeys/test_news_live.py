"""News in live mode: a real worker that is killed in the middle, a real broker, a real SMTP server on loopback."""

from collections import Counter

import pytest

from letters.models import Delivery, DeliveryState, Subscription
from letters.subscribing import book, mailing
from tests.factories import make_campaign, make_update
from tests.invariants import waiting
from tests.journeys.conftest import StartLive
from tests.journeys.test_delivery_live import wait_until
from tests.smtp_faults import FaultySmtpServer
from tests.staff import make_staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

SUBSCRIBERS = 12


def test_everybody_gets_news_once_though_a_worker_is_killed(server: FaultySmtpServer, live_worker: StartLive) -> None:
    for number in range(SUBSCRIBERS):
        book.subscribe(f"p{number}@supporter.test", ["all"], language="en", consent_version="1")
    server.fault("dot", silent=True, taken=True, after=3)
    killed = live_worker("-B", "-P", "solo", SMTP_FINAL_SECONDS="60", LEASE_HANDING_OVER_SECONDS="62")
    mailing.start(make_update(make_campaign()), make_staff("organiser"))
    wait_until(lambda: len(server.received) == 4)
    killed.kill9()
    Delivery.objects.filter(state=DeliveryState.HANDING_OVER).update(lease_until="2001-01-01T00:00Z")
    Delivery.objects.filter(state=DeliveryState.SENDING).update(lease_until="2001-01-01T00:00Z")
    live_worker("-B")

    wait_until(lambda: len(server.received) >= SUBSCRIBERS and waiting() == 0, seconds=60)
    got = Counter(address for message in server.received for address in message.rcpt_to)
    assert got == Counter({f"RCPT TO:<p{number}@supporter.test>": 1 for number in range(SUBSCRIBERS)})
    assert all(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in message.data for message in server.received)
    assert Subscription.objects.count() == SUBSCRIBERS
