"""Mail that a service brings by HTTPS: who may, and what becomes of it."""

import base64

import pytest
from django.test import Client
from pytest_django import Settings

from letters.models import Delivery, DeliveryState, ReceivedMail
from letters.sending.return_addresses import Kind, address_for
from tests.letters.sending.bounces.coming_back import comes_back, sent, state_of

pytestmark = pytest.mark.django_db

URL = "/callbacks/mail/"
SECRET = "s3cret-" * 6
BASIC = "Basic " + base64.b64encode(f"anybody:{SECRET}".encode()).decode()


def bring(raw: bytes, authorization: str = f"Bearer {SECRET}", query: str = "") -> int:
    client = Client(enforce_csrf_checks=True)
    headers = {"authorization": authorization} if authorization else {}
    return client.post(URL + query, raw, content_type="message/rfc822", headers=headers).status_code


@pytest.fixture(autouse=True)
def secret(settings: Settings) -> None:
    settings.INCOMING_MAIL_SECRET = SECRET


@pytest.mark.parametrize("authorization", [f"Bearer {SECRET}", BASIC], ids=["bearer", "basic"])
def test_a_service_that_knows_the_secret_brings_a_bounce(authorization: str) -> None:
    delivery = sent()

    assert bring(comes_back(delivery, "postfix-unknown"), authorization) == 204

    assert state_of(delivery) == DeliveryState.BOUNCED


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic !!", "Basic ", "Digest x", f"Basic {SECRET}"])
def test_nobody_else_brings_anything(authorization: str) -> None:
    delivery = sent()

    assert bring(comes_back(delivery, "postfix-unknown"), authorization) == 401

    assert (state_of(delivery), ReceivedMail.objects.count()) == (DeliveryState.ACCEPTED, 0)


def test_without_a_secret_the_address_does_not_exist(settings: Settings) -> None:
    settings.INCOMING_MAIL_SECRET = ""

    assert bring(b"Subject: x\n\n", "Bearer ") == 404


def test_the_same_mail_ten_times_is_one_bounce_and_strange_mail_is_taken() -> None:
    delivery = sent()
    raw = comes_back(delivery, "postfix-unknown")

    assert {bring(raw) for _ in range(10)} == {204}
    assert bring(b"Subject: Win a prize\n\nNow.") == 204
    assert state_of(delivery) == DeliveryState.BOUNCED


def test_the_service_may_say_to_whom_a_mail_came() -> None:
    delivery = sent()
    address = address_for(delivery, Kind.BOUNCE)
    raw = comes_back(delivery, "postfix-unknown").replace(address.encode(), b"you")

    bring(raw, query=f"?recipient={address.replace('+', '%2B')}")

    assert state_of(delivery) == DeliveryState.BOUNCED


def test_what_comes_too_early_shall_come_again() -> None:
    delivery = sent()
    Delivery.objects.filter(pk=delivery.pk).update(state="handing_over", lease_until="2100-01-01T00:00Z")

    assert bring(comes_back(delivery, "postfix-unknown")) == 503
