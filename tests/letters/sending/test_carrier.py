"""From a claim to an outcome: what the server says, what our own code does, and what changed in between."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from campaigns.models import Campaign, CampaignState, ContactDetail, ContactState, SiteIdentity
from letters.models import Delivery, DeliveryState
from letters.sending import carrier, outbox
from letters.sending.carrier import POISON_ATTEMPTS, WAITS, Carrier
from letters.sending.channels.contract import Message
from letters.sending.channels.smtp import SmtpChannel
from letters.sending.messages import message_for
from tests.factories import make_campaign, make_letter, make_office
from tests.invariants import check_log
from tests.smtp_faults import FaultySmtpServer

pytestmark = pytest.mark.django_db

S = DeliveryState


@pytest.fixture
def server(settings: Settings) -> Iterator[FaultySmtpServer]:
    server = FaultySmtpServer()
    settings.DELIVERY_MODE = "live"
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.SMTP_FINAL_SECONDS = 1
    yield server
    server.stop()


def confirm(number: int = 1) -> list[Delivery]:
    campaign = make_campaign(make_office())
    for _ in range(number):
        outbox.confirm(make_letter(campaign))
    return list(Delivery.objects.order_by("pk"))


def carry(over: Callable[[], bool] = lambda: False) -> list[Delivery]:
    """Claim all and carry them; return every delivery as it is now."""
    with Carrier(over) as hands:
        hands.carry(Delivery.objects.ready().claim("w", 100))
    check_log()
    return list(Delivery.objects.order_by("pk"))


def test_an_accepted_delivery_keeps_hour_day_and_the_servers_own_name_for_it(server: FaultySmtpServer) -> None:
    server.fault("dot", reply="250 2.0.0 queued as ABC123", taken=True)
    confirm()

    [delivery] = carry()

    assert delivery.state == S.ACCEPTED
    assert "ABC123" in delivery.reference
    assert delivery.handed_over_at
    assert delivery.handed_over_on
    assert (delivery.owner, delivery.lease_until) == ("", None)


def test_the_mail_says_who_writes_and_comes_from_our_own_address(server: FaultySmtpServer) -> None:
    [delivery] = confirm()

    message = message_for(delivery)

    assert (message.sender, message.sender_name) == ("letters@postbag.test", f"{delivery.sender} via Postbag")
    assert message.reply_to.startswith("reply+")
    assert message.text == delivery.text


def test_refusals_for_now_wait_longer_each_time_and_end_after_days(server: FaultySmtpServer) -> None:
    confirm()
    waited = []
    for _attempt in WAITS:
        server.fault("RCPT", reply="451 4.3.0 try later")
        [delivery] = carry()
        assert delivery.state == S.DEFERRED
        assert delivery.next_attempt_at
        waited.append((delivery.next_attempt_at - delivery.log.latest("pk").at).total_seconds())
        Delivery.objects.update(attempts=delivery.attempts, next_attempt_at=None)
        Delivery.objects.move(S.QUEUED)

    server.fault("RCPT", reply="451 4.3.0 try later")
    [delivery] = carry()

    assert (delivery.state, "given up" in delivery.reason) == (S.FAILED, True)
    assert waited == pytest.approx(WAITS, rel=0.25)
    assert 4 < sum(WAITS) / 86400 < 6


def test_a_relay_that_can_not_be_reached_costs_no_message_an_attempt(server: FaultySmtpServer) -> None:
    server.stop()
    confirm(3)

    found = carry()

    assert [(delivery.state, delivery.attempts) for delivery in found] == [(S.DEFERRED, 0)] * 3


def test_a_message_that_our_own_code_stumbles_over_is_parked_and_blocks_nobody(
    server: FaultySmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, *others = confirm(5)

    def stumble(delivery: Delivery, site: SiteIdentity) -> Message:
        if delivery.pk == poison.pk:
            raise ZeroDivisionError
        return message_for(delivery, site)

    monkeypatch.setattr(carrier, "message_for", stumble)
    for _attempt in range(POISON_ATTEMPTS):
        found = carry()
        Delivery.objects.update(next_attempt_at=None)
        Delivery.objects.filter(state=S.DEFERRED).move(S.QUEUED)

    assert [delivery.state for delivery in found] == [S.FAILED, *[S.ACCEPTED] * len(others)]
    assert "ZeroDivisionError" in found[0].reason
    assert len(server.received) == len(others)


def test_an_error_of_ours_during_the_hand_over_leaves_a_question(
    server: FaultySmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm()
    monkeypatch.setattr(SmtpChannel, "_transmit", lambda *_: 1 / 0)

    [delivery] = carry()

    assert delivery.state == S.UNKNOWN


@pytest.mark.parametrize("change", ["pause", "facts", "late"])
def test_what_changes_after_the_claim_still_stops_a_delivery(server: FaultySmtpServer, change: str) -> None:
    confirm()
    claimed = Delivery.objects.ready().claim("w", 1)
    if change == "pause":
        Campaign.objects.update(state=CampaignState.PAUSED)
    elif change == "facts":
        Campaign.objects.update(facts_version=7)
    else:
        Delivery.objects.update(deliver_by="2001-01-01T00:00Z")

    with Carrier(lambda: False) as hands:
        hands.carry(claimed)

    assert Delivery.objects.get().state == S.QUEUED
    assert not server.received


def test_an_address_that_bounced_since_is_not_tried(server: FaultySmtpServer) -> None:
    confirm()
    ContactDetail.objects.update(state=ContactState.BOUNCED)

    [delivery] = carry()

    assert delivery.state == S.FAILED
    assert not server.commands


def test_when_the_time_is_over_the_rest_goes_back_to_the_queue(server: FaultySmtpServer) -> None:
    confirm(5)

    found = carry(over=lambda: len(server.received) >= 2)

    assert [delivery.state for delivery in found] == [S.ACCEPTED] * 2 + [S.QUEUED] * 3


def test_a_row_that_another_worker_took_is_left_to_it(server: FaultySmtpServer) -> None:
    confirm()
    asleep = Delivery.objects.ready().claim("asleep", 1)
    Delivery.objects.move(S.QUEUED)
    Delivery.objects.ready().claim("awake", 1)

    with Carrier(lambda: False) as hands:
        hands.carry(asleep)

    assert (Delivery.objects.get().owner, Delivery.objects.get().state) == ("awake", S.SENDING)
    assert not server.received
