"""UA 126.19 by real fax: from a supporter's words to two receipts, over two modems on loopback."""

import io
import re
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings

from campaigns.models import Campaign, ContactDetail
from letters.models import Delivery
from tests.fax_server import FaxLine
from tests.letters.sending.fax_rows import states, turn
from tests.letters.writing.supporter import Supporter, mailed_links
from tests.sink import Sink
from tests.staff import make_administrator

pytestmark = [pytest.mark.fax, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SEED = Path(__file__).parents[3] / "campaigns" / "files" / "seeds" / "crimea-six-ua-126-19.yaml"
# Numbers kept for plays and films (Ofcom): no test can reach a real office.
NUMBERS = ("+442079460123", "+442079460456")
CALLS_SECONDS = 240


@pytest.fixture
def campaign(settings: Settings, fax_line: FaxLine, smtp_sink: Sink) -> Campaign:
    """UA 126.19, live, with two numbers of the test's own line instead of the offices'."""
    settings.DELIVERY_MODE, settings.FAX_URL, settings.FAX_SECONDS = "live", fax_line.url, 5
    settings.EMAIL_URL, settings.FAX_PER_HOUR = smtp_sink.url, 0
    call_command("load_campaign", str(SEED), verbosity=0)
    faxes = ContactDetail.objects.filter(channel="fax").order_by("pk")
    for contact, number in zip(faxes, NUMBERS, strict=True):
        contact.value = number
        contact.save()
    return Campaign.objects.get()


def pdf_text(content: bytes) -> str:
    """Return the words of a PDF with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_two_faxes_of_one_letter_arrive_and_both_sides_get_the_receipts(
    campaign: Campaign, fax_line: FaxLine, client: Client
) -> None:
    supporter = Supporter()
    supporter.open_form(campaign)
    supporter.check()
    supporter.ask_for_link()
    supporter.open(mailed_links()[-1])
    before = len(fax_line.received(0))
    supporter.submit()

    faxes = list(Delivery.objects.filter(role="primary").order_by("pk"))
    assert [fax.address for fax in faxes] == list(NUMBERS)
    deadline = time.monotonic() + CALLS_SECONDS
    while states(faxes) != ["delivered", "delivered"]:
        assert time.monotonic() < deadline, states(faxes)
        turn()
        time.sleep(0.5)

    # A job that an earlier test left with the server may arrive as well: our own calls are counted by their rows.
    assert len(fax_line.received(before + 2)) >= before + 2
    assert [fax.calls.count() for fax in faxes] == [1, 1]
    supporter.open(supporter.address)
    receipts = re.findall(r'href="([^"]+/receipts/\d+\.pdf)"', supporter.page.content.decode())
    words = [pdf_text(supporter.client.get(receipt).content) for receipt in receipts]
    client.force_login(make_administrator())
    desk = [pdf_text(client.get(reverse("admin:letters_delivery_receipt", args=[fax.pk])).content) for fax in faxes]
    for seen in (words, desk):
        assert len(seen) == 2
        assert all("Fax receipt" in text for text in seen)
