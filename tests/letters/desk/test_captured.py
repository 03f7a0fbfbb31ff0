"""In trial mode organisers read what would have been sent, the fax as sheets of paper."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings

from letters.models import Delivery
from letters.sending import outbox, tasks
from tests.factories import make_campaign, make_letter, make_office
from tests.staff import make_administrator, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def fax() -> Delivery:
    """Return a captured fax."""
    return captured("fax")


def captured(channel: str) -> Delivery:
    """Confirm a letter to one office in trial mode."""
    letter = make_letter(make_campaign(make_office(channel)))
    assert outbox.confirm(letter)
    tasks.drain()
    return Delivery.objects.get(letter=letter, state="captured")


def sheets(delivery: Delivery) -> str:
    """Return the address of the PDF."""
    return reverse("admin:letters_capturedpost_fax", args=[delivery.pk])


def test_a_captured_fax_can_be_read_as_the_sheets_of_paper(client: Client, fax: Delivery) -> None:
    client.force_login(make_administrator())

    page = client.get(reverse("admin:letters_capturedpost_change", args=[fax.pk]))
    answer = client.get(sheets(fax))

    assert sheets(fax) in page.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert fax.address in re.sub(r"(?<=\d) (?=\d)", "", text), "the number stands in groups"
    assert " ".join(fax.text.split()) in " ".join(text.split())


def test_a_mail_has_no_fax(client: Client) -> None:
    client.force_login(make_administrator())

    assert client.get(sheets(captured("email"))).status_code == 404


def test_who_may_not_read_captured_post_may_not_read_its_fax(client: Client, fax: Delivery) -> None:
    assert client.get(sheets(fax)).status_code == 302

    client.force_login(make_staff())
    assert client.get(sheets(fax)).status_code == 403


def test_a_fax_that_cannot_be_typeset_says_why(client: Client, fax: Delivery, settings: Settings) -> None:
    client.force_login(make_administrator())
    settings.PDF_CHARACTERS = 10

    answer = client.get(sheets(fax))

    assert (answer.status_code, answer.content.decode()) == (503, "The document is too long.")
