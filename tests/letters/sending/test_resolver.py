"""What is unknown is settled by evidence, and by nothing else."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from letters.models import Delivery, DeliveryState
from letters.sending import fax_calls, outbox, resolver
from letters.sending.carrier import Carrier
from letters.sending.channels.fax.hfaxd import FaxServer
from tests.factories import make_campaign, make_letter, make_office
from tests.fax_faults import Wire, wire_to
from tests.invariants import check_log

pytestmark = pytest.mark.django_db

S = DeliveryState


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


def unknown(hours_ago: float = 0) -> Delivery:
    """A delivery of which nobody knows whether it was taken."""
    outbox.confirm(make_letter())
    [row] = Delivery.objects.ready().claim("w", 1)
    row.advance(S.HANDING_OVER)
    row.advance(S.UNKNOWN)
    Delivery.objects.filter(pk=row.pk).update(handed_over_at=timezone.now() - dt.timedelta(hours=hours_ago))
    return Delivery.objects.get(pk=row.pk)


def state_of(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


def test_without_evidence_it_waits_a_day_and_then_for_an_organiser() -> None:
    fresh, old = unknown(hours_ago=23), unknown(hours_ago=25)

    resolver.resolve()

    assert (state_of(fresh), state_of(old)) == (S.UNKNOWN, S.UNRESOLVED)
    check_log()


def test_the_relays_log_proves_what_reached_its_queue(settings: Settings, tmp_path: Path) -> None:
    queued, broken, unheard = unknown(), unknown(), unknown()
    settings.POSTFIX_LOG = str(tmp_path / "mail.log")
    Path(settings.POSTFIX_LOG).write_text(
        "2026-11-21T20:00:00.1+00:00 mx postfix/smtpd[11]: 4F1C2A0B: client=web[192.0.2.7]\n"
        f"2026-11-21T20:00:00.2+00:00 mx postfix/cleanup[12]: 4F1C2A0B: message-id=<{queued.message_id}>\n"
        "2026-11-21T20:00:00.3+00:00 mx postfix/qmgr[13]: 4F1C2A0B: from=<b@x.test>, size=9, nrcpt=1 (queue active)\n"
        f"Nov 21 20:00:01 mx postfix/submission/cleanup[12]: 5A1C2A0C: message-id=<{broken.message_id}>\n"
        "Nov 21 20:00:02 mx postfix/smtpd[11]: lost connection after DATA (500 bytes) from web[192.0.2.7]\n"
        "2026-11-21T20:00:03.3+00:00 mx postfix/qmgr[13]: 6B1C2A0D: from=<x@y.test>, size=9, nrcpt=1 (queue active)\n"
    )

    resolver.resolve()

    queued.refresh_from_db()
    assert (queued.state, queued.reference) == (S.ACCEPTED, "4F1C2A0B")
    assert (state_of(broken), state_of(unheard)) == (S.UNKNOWN, S.UNKNOWN)
    assert queued.handed_over_on
    check_log()


def test_a_log_that_can_not_be_read_decides_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.POSTFIX_LOG = str(tmp_path / "gone.log")
    delivery = unknown()
    resolver.resolve()
    assert state_of(delivery) == S.UNKNOWN


@pytest.fixture
def wire(fax_queue: FaxServer, settings: Settings) -> Iterator[Wire]:
    """The way to a fax server that takes jobs and dials nobody, which can be cut."""
    with wire_to(fax_queue.port) as wire:
        settings.FAX_URL = f"hylafax://127.0.0.1:{wire.port}"
        settings.FAX_SECONDS = 5
        yield wire


def fax() -> Delivery:
    """Send a fax as far as it goes."""
    outbox.confirm(make_letter(make_campaign(make_office("fax"))))
    with Carrier(lambda: False) as hands:
        hands.carry(Delivery.objects.ready().claim("w", 1))
    return Delivery.objects.get()


def test_a_fax_whose_answer_got_lost_is_found_among_the_jobs_and_not_sent_again(wire: Wire) -> None:
    wire.cut("JSUBM", after=True)
    delivery = fax()
    assert delivery.state == S.UNKNOWN

    resolver.resolve()

    delivery.refresh_from_db()
    assert delivery.state == S.ACCEPTED
    assert delivery.reference
    check_log()


def test_a_fax_that_never_became_a_job_is_queued_again(wire: Wire) -> None:
    wire.cut("JSUBM")
    delivery = fax()
    assert delivery.state == S.UNKNOWN

    resolver.resolve()

    assert state_of(delivery) == S.QUEUED
    check_log()


def test_a_job_that_the_server_may_have_forgotten_is_no_evidence(wire: Wire, settings: Settings) -> None:
    wire.cut("JSUBM")
    delivery = fax()
    settings.FAX_JOBS_KEPT_HOURS = 1
    Delivery.objects.update(handed_over_at=timezone.now() - dt.timedelta(hours=2))

    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN


def test_a_fax_server_that_is_down_decides_nothing(settings: Settings) -> None:
    settings.FAX_URL = "hylafax://127.0.0.1:1"
    delivery = unknown()
    Delivery.objects.update(channel="fax")

    resolver.resolve()
    fax_calls.follow()

    assert state_of(delivery) == S.UNKNOWN
