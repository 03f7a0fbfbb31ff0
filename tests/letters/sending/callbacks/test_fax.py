"""News of fax services: who may bring it, and that repeats, delays and disorder change nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from letters.models import Delivery, FaxCall, FaxOutcome
from tests.letters.sending.fax_rows import confirmed_faxes, states, turn
from tests.telnyx_server import Fault, Telnyx, telnyx_server

pytestmark = pytest.mark.django_db

URL = "/callbacks/fax/telnyx/"


@pytest.fixture
def service(settings: Settings) -> Iterator[Telnyx]:
    """Return the service that this site sends faxes through."""
    with telnyx_server() as service:
        settings.DELIVERY_MODE, settings.FAX_URL, settings.FAX_PER_HOUR = "live", service.url, 0
        settings.FAX_SECONDS = 5
        yield service


def tell(service: Telnyx, event: dict[str, Any], *, at: float = 0, signature: str | None = None) -> int:
    """Send a webhook as the service does, or at another time, or with another signature; return the answer's status."""
    body = json.dumps(event).encode()
    headers = service.signed(body, int(at or time.time()))
    if signature is not None:
        headers["telnyx-signature-ed25519"] = signature
    client = Client(enforce_csrf_checks=True)
    return client.post(URL, body, content_type="application/json", headers=headers).status_code


def test_the_end_of_a_call_is_heard(service: Telnyx) -> None:
    faxes = confirmed_faxes(2)
    turn()
    assert states(faxes) == ["accepted", "queued"]

    answer = tell(service, service.end(0, "delivered", page_count=1))

    assert answer == 204
    assert states(faxes) == ["delivered", "queued"]
    call = FaxCall.objects.get()
    assert (call.outcome, call.pages, call.reference) == (FaxOutcome.DELIVERED, 1, "fax-1")


def test_the_same_news_ten_times_is_one_ending(service: Telnyx) -> None:
    faxes = confirmed_faxes(1)
    turn()
    event = service.end(0, "delivered", page_count=1)

    assert {tell(service, event) for _ in range(10)} == {204}

    assert states(faxes) == ["delivered"]
    assert FaxCall.objects.count() == 1


def test_news_in_reversed_order_ends_the_same(service: Telnyx) -> None:
    faxes = confirmed_faxes(1)
    turn()
    events = [service.end(0, "queued"), service.end(0, "sending"), service.end(0, "delivered", page_count=1)]

    for event in reversed(events):
        tell(service, event)

    assert states(faxes) == ["delivered"]


def test_a_busy_number_is_called_again_and_late_news_of_the_first_call_says_nothing(service: Telnyx) -> None:
    faxes = confirmed_faxes(1)
    turn()
    busy = service.end(0, "failed", failure_reason="user_busy")
    tell(service, busy)
    assert states(faxes) == ["deferred"]
    Delivery.objects.update(state="queued", next_attempt_at=None)
    turn()
    assert states(faxes) == ["accepted"]

    tell(service, busy)

    assert states(faxes) == ["accepted"]
    assert FaxCall.objects.count() == 1


def test_news_is_evidence_after_a_lost_answer(service: Telnyx) -> None:
    faxes = confirmed_faxes(1)
    service.faults.append(Fault("/v2/faxes", after=True))
    turn()
    assert states(faxes) == ["unknown"]

    tell(service, service.end(0, "delivered", page_count=1))

    assert states(faxes) == ["delivered"]


def test_what_no_webhook_told_is_asked_for(service: Telnyx) -> None:
    faxes = confirmed_faxes(1)
    turn()
    service.end(0, "delivered", page_count=1)

    turn()

    assert states(faxes) == ["delivered"]


@pytest.mark.parametrize("late", [-301, 301])
def test_a_signature_of_another_hour_is_refused(service: Telnyx, late: int) -> None:
    faxes = confirmed_faxes(1)
    turn()

    answer = tell(service, service.end(0, "delivered", page_count=1), at=time.time() + late)

    assert answer == 401
    assert states(faxes) == ["accepted"]


@pytest.mark.parametrize("signature", ["", "bm8=", "not base64", "A" * 88])
def test_a_wrong_signature_is_refused(service: Telnyx, signature: str) -> None:
    faxes = confirmed_faxes(1)
    turn()

    answer = tell(service, service.end(0, "delivered", page_count=1), signature=signature)

    assert answer == 401
    assert states(faxes) == ["accepted"]


def test_a_signature_of_another_body_is_refused(service: Telnyx) -> None:
    faxes = confirmed_faxes(1)
    turn()
    now = int(time.time())
    foreign = service.signed(b"{}", now)["telnyx-signature-ed25519"]

    answer = tell(service, service.end(0, "delivered", page_count=1), at=now, signature=foreign)

    assert answer == 401
    assert states(faxes) == ["accepted"]


@pytest.mark.parametrize("event", [{}, {"data": []}, {"data": {"payload": 7}}, ["data"]])
def test_what_is_no_event_is_refused(service: Telnyx, event: Any) -> None:
    assert tell(service, event) == 400


@pytest.mark.parametrize("state", ["", "bm8=", "%%%", "/w=="])
def test_a_fax_that_is_not_ours_changes_nothing(service: Telnyx, state: str) -> None:
    faxes = confirmed_faxes(1)
    turn()
    event = service.end(0, "delivered", page_count=1)
    event["data"]["payload"]["client_state"] = state

    assert tell(service, event) == 204
    assert states(faxes) == ["accepted"]


def test_a_site_without_this_service_has_no_such_address(service: Telnyx, settings: Settings) -> None:
    settings.FAX_URL = ""

    assert tell(service, {}) == 404
    assert Client().get(URL).status_code == 405
