"""The fax service says which of our attempts became jobs."""

import datetime as dt
from collections.abc import Iterator

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
from tests.letters.sending.resolver.unknowns import state_of, unknown

pytestmark = pytest.mark.django_db

S = DeliveryState


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
