"""A test fax to one's own machine."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from letters.management.commands import send_test_fax
from tests.factories import make_contact
from tests.telnyx_server import Telnyx, telnyx_server

pytestmark = pytest.mark.django_db

OWN = "+442079460999"


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telnyx]:
    monkeypatch.setattr(send_test_fax, "LOOK_SECONDS", 0.05)
    with telnyx_server() as service:
        settings.FAX_URL, settings.FAX_SECONDS = service.url, 5
        yield service


def send(**options: Any) -> str:
    out = StringIO()
    call_command("send_test_fax", OWN, stdout=out, **options)
    return out.getvalue()


def test_it_waits_for_the_receipt(service: Telnyx) -> None:
    service.ending = {"status": "delivered", "page_count": 1}

    said = send()

    assert "Job fax-1" in said
    assert "Pages: 1" in said
    assert service.faxes[0]["to"] == OWN


def test_it_says_why_it_failed(service: Telnyx) -> None:
    service.ending = {"status": "failed", "failure_reason": "user_busy"}

    with pytest.raises(CommandError, match="busy"):
        send()


def test_it_does_not_wait_for_ever(service: Telnyx) -> None:
    with pytest.raises(CommandError, match="not over"):
        send(wait=0)


def test_an_office_is_never_tested_on(service: Telnyx) -> None:
    make_contact("fax", OWN)

    with pytest.raises(CommandError, match="office"):
        send()

    assert not service.media


@pytest.mark.parametrize("number", ["fax", "12", "+44 20 7946"])
def test_a_number_that_is_none_is_refused(service: Telnyx, number: str) -> None:
    with pytest.raises(CommandError):
        call_command("send_test_fax", number)

    assert not service.media


def test_a_site_without_a_fax_service_says_so(settings: Settings) -> None:
    settings.FAX_URL = ""

    with pytest.raises(CommandError, match="FAX_URL"):
        send()
