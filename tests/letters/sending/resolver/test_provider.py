"""A provider says what it has of a letter, or is told once more under the same key, which makes no second mail."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import CampaignTarget
from letters.models import Delivery, DeliveryState
from letters.sending import resolver
from tests.invariants import check_log
from tests.letters.sending.resolver.unknowns import handed_over, state_of
from tests.mail_providers import Fault, MailgunServer, PostmarkServer, ProviderServer, ResendServer, running

pytestmark = pytest.mark.django_db

S = DeliveryState
SEARCHABLE = pytest.mark.parametrize("kind", [PostmarkServer, MailgunServer])
WITH_KEYS = pytest.mark.parametrize("kind", [ResendServer])


@pytest.fixture
def server(kind: type[ProviderServer], settings: Settings) -> Iterator[ProviderServer]:
    """Return a provider that the site sends through."""
    with running(kind()) as server:
        server.use(settings)
        yield server


def later(delivery: Delivery, **time: float) -> None:
    """Let time pass since the hand-over."""
    Delivery.objects.filter(pk=delivery.pk).update(handed_over_at=timezone.now() - dt.timedelta(**time))


@SEARCHABLE
def test_a_letter_whose_answer_got_lost_is_found_at_the_provider(server: ProviderServer) -> None:
    server.faults.append(Fault(taken=True))
    delivery = handed_over()
    assert delivery.state == S.UNKNOWN

    resolver.resolve()

    assert state_of(delivery) == S.ACCEPTED
    assert delivery.reference == server.mails[0].number
    assert server.requests == 1
    check_log()


@SEARCHABLE
def test_what_the_provider_never_got_is_sent_again_when_its_search_has_caught_up(server: ProviderServer) -> None:
    server.faults.append(Fault(taken=False))
    delivery = handed_over()
    resolver.resolve()
    assert state_of(delivery) == S.UNKNOWN, "its search may be late"

    later(delivery, minutes=61)
    resolver.resolve()
    assert state_of(delivery) == S.QUEUED
    handed_over(delivery)

    assert state_of(delivery) == S.ACCEPTED
    assert len(server.mails) == 1
    check_log()


@SEARCHABLE
def test_a_provider_that_would_not_say_decides_nothing(server: ProviderServer, settings: Settings) -> None:
    server.faults.append(Fault(taken=False))
    delivery = handed_over()
    later(delivery, hours=2)
    for wrong in ("http://127.0.0.1:1/", f"http://127.0.0.1:{server.port}/elsewhere/"):
        settings.ANYMAIL = settings.ANYMAIL | {f"{server.name.upper()}_API_URL": wrong}

        resolver.resolve()

        assert state_of(delivery) == S.UNKNOWN


@WITH_KEYS
@pytest.mark.parametrize("taken", [True, False])
def test_a_repeat_with_the_same_key_settles_it_and_makes_one_mail(server: ProviderServer, *, taken: bool) -> None:
    server.faults.append(Fault(500, taken=taken))
    delivery = handed_over()
    assert delivery.state == S.UNKNOWN

    resolver.resolve()

    assert state_of(delivery) == S.ACCEPTED
    assert delivery.reference == server.mails[0].number
    assert len(server.mails) == 1
    assert server.requests == 2
    check_log()


@WITH_KEYS
def test_a_repeat_that_is_refused_proves_nothing(server: ProviderServer) -> None:
    server.faults += [Fault(taken=True), Fault(422), Fault(429), Fault(409)]
    delivery = handed_over()

    for _ in range(3):
        resolver.resolve()
        assert state_of(delivery) == S.UNKNOWN


@WITH_KEYS
def test_nothing_is_repeated_outside_the_keys_window(server: ProviderServer) -> None:
    server.faults.append(Fault(taken=True))
    delivery = handed_over()
    later(delivery, hours=23, minutes=1)

    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN
    assert server.requests == 1


@WITH_KEYS
def test_what_may_not_leave_any_more_is_not_repeated(server: ProviderServer, settings: Settings) -> None:
    server.faults.append(Fault(taken=False))
    delivery = handed_over()

    CampaignTarget.objects.update(paused=True)
    resolver.resolve()
    CampaignTarget.objects.update(paused=False)
    settings.DELIVERY_MODE = "capture"
    resolver.resolve()
    settings.DELIVERY_MODE = "live"
    Delivery.objects.update(deliver_by=timezone.now())
    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN
    assert (server.requests, server.mails) == (1, [])
