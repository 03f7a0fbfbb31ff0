"""A real Postfix says what it took and what it did not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from letters.models import Delivery, DeliveryState
from letters.sending import resolver
from tests import postfix
from tests.invariants import check_log
from tests.letters.sending.resolver.unknowns import handed_over, state_of, unknown
from tests.postfix import Postfix
from tests.smtp_faults import wait_until
from tests.smtp_wire import Cut, Wire, wire_to

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

S = DeliveryState


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    """Return a relay that throws away what it took."""
    below = postfix.programs()
    if below is None:
        pytest.skip("needs root, and apt-get to fetch Debian's Postfix")
    with postfix.running(below) as relay:
        yield relay


@pytest.fixture
def wire(relay: Postfix, settings: Settings) -> Iterator[Wire]:
    """Return the site's way to the relay."""
    with wire_to(relay.port) as wire:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{wire.port}"
        yield wire


def logged(relay: Postfix, words: str) -> None:
    """Wait until the relay has said it."""
    wait_until(lambda: words in relay.log.read_text(), 20)


def settled(delivery: Delivery) -> bool:
    """Ask the relay, which may not have written it down yet."""
    resolver.resolve()
    return state_of(delivery) != S.UNKNOWN


def test_a_letter_whose_answer_got_lost_is_found_in_the_log(relay: Postfix, wire: Wire, settings: Settings) -> None:
    settings.POSTFIX_LOG = str(relay.log)
    wire.cut = Cut.AFTER_THE_DOT
    delivery = handed_over()
    assert delivery.state == S.UNKNOWN
    logged(relay, f"message-id=<{delivery.message_id}>")
    wait_until(lambda: settled(delivery), 20)

    assert delivery.state == S.ACCEPTED
    assert f"{delivery.reference}: message-id=<{delivery.message_id}>" in relay.log.read_text()
    assert f"{delivery.reference}: to=<{delivery.address}>" in relay.log.read_text()
    check_log()


def test_a_letter_that_waits_at_the_relay_is_found_in_its_queue(relay: Postfix, wire: Wire, settings: Settings) -> None:
    settings.POSTFIX_QUEUE = relay.queue
    relay.keep(keeps=True)
    wire.cut = Cut.AFTER_THE_DOT
    delivery = handed_over()
    assert delivery.state == S.UNKNOWN
    logged(relay, f"message-id=<{delivery.message_id}>")
    wait_until(lambda: settled(delivery), 20)
    relay.keep(keeps=False)

    assert delivery.state == S.ACCEPTED
    assert f"{delivery.reference}: message-id=<{delivery.message_id}>" in relay.log.read_text()
    check_log()


def test_a_letter_that_broke_off_in_its_text_is_sent_again_and_arrives_once(
    relay: Postfix, wire: Wire, settings: Settings
) -> None:
    settings.POSTFIX_LOG, settings.POSTFIX_QUEUE = str(relay.log), relay.queue
    wire.cut = Cut.IN_THE_TEXT
    delivery = handed_over()
    assert delivery.state == S.UNKNOWN
    logged(relay, f"message-id=<{delivery.message_id}>")
    wait_until(lambda: settled(delivery), 20)
    assert delivery.state == S.QUEUED

    wire.cut = Cut.NOWHERE
    delivery = handed_over(delivery)

    assert delivery.state == S.ACCEPTED
    logged(relay, f"to=<{delivery.address}>")
    assert relay.log.read_text().count(f"to=<{delivery.address}>") == 1
    check_log()


def test_a_second_attempt_is_not_judged_by_the_log_of_the_first(
    relay: Postfix, wire: Wire, settings: Settings, tmp_path: Path
) -> None:
    settings.POSTFIX_LOG = str(relay.log)
    wire.cut = Cut.IN_THE_TEXT
    delivery = handed_over()
    logged(relay, f"message-id=<{delivery.message_id}>")
    wait_until(lambda: settled(delivery), 20)
    settings.POSTFIX_LOG = str(tmp_path / "before")
    Path(settings.POSTFIX_LOG).write_text(relay.log.read_text())

    wire.cut = Cut.AFTER_THE_DOT
    delivery = handed_over(delivery)
    assert delivery.state == S.UNKNOWN
    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN, "what broke off in the log was the attempt before"


def test_what_relays_elsewhere_write_is_understood(settings: Settings, tmp_path: Path) -> None:
    queued, broken, unheard = unknown(), unknown(), unknown()
    settings.POSTFIX_LOG = str(tmp_path / "mail.log")
    Path(settings.POSTFIX_LOG).write_text(
        "2026-11-21T20:00:00.1+00:00 mx postfix/smtpd[11]: 4F1C2A0B: client=web[192.0.2.7]\n"
        f"2026-11-21T20:00:00.2+00:00 mx postfix/cleanup[12]: 4F1C2A0B: message-id=<{queued.message_id}>\n"
        "2026-11-21T20:00:00.3+00:00 mx postfix/qmgr[13]: 4F1C2A0B: from=<b@x.test>, size=9, nrcpt=1 (queue active)\n"
        f"Nov 21 20:00:01 mx postfix/submission/cleanup[12]: 5A1C2A0C: message-id=<{broken.message_id}>\n"
        "Nov 21 20:00:02 mx postfix/submission/smtpd[14]: lost connection after DATA (500 bytes) from web[192.0.2.7]\n"
        "2026-11-21T20:00:03.3+00:00 mx postfix/qmgr[13]: 6B1C2A0D: from=<x@y.test>, size=9, nrcpt=1 (queue active)\n"
    )

    resolver.resolve()

    queued.refresh_from_db()
    assert (queued.state, queued.reference) == (S.ACCEPTED, "4F1C2A0B")
    assert (state_of(broken), state_of(unheard)) == (S.UNKNOWN, S.UNKNOWN), "nothing says whose connection broke"
    assert queued.handed_over_on
    check_log()


@pytest.mark.parametrize("command", ["false", "printf {", "/no/such/postqueue -j"])
def test_a_log_or_queue_that_can_not_be_read_decides_nothing(settings: Settings, tmp_path: Path, command: str) -> None:
    settings.POSTFIX_LOG, settings.POSTFIX_QUEUE = str(tmp_path / "gone.log"), command
    delivery = unknown()

    resolver.resolve()

    assert Delivery.objects.get(pk=delivery.pk).state == S.UNKNOWN
