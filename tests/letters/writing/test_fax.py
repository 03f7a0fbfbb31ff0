"""What a supporter learns of a fax: how it will look, that it is too long, and that it arrived."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from campaigns.models import Campaign
from letters import tokens
from letters.models import Delivery, FaxCall, Letter
from letters.printing import shelf
from tests.letters.sending.fax_rows import confirmed_faxes
from tests.letters.writing.supporter import Supporter, tree, values
from tests.staff import make_staff

PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')


def preview(supporter: Supporter, campaign: Campaign, key: str) -> str:
    """Press the button on the check page and return the page that opens."""
    form = next(form for form in tree(supporter.page).iter("form") if form.get("method") == "post")
    address = reverse("letters:fax_preview", args=[campaign.slug, key])
    assert f'formaction="{address}?from=US"' in supporter.page.content.decode()
    return supporter.client.post(f"{address}?from=US", values(form)).content.decode()


def test_the_check_page_leads_to_the_fax_as_it_will_look(supporter: Supporter, campaign: Campaign) -> None:
    office = campaign.targets.get(target__contacts__channel="fax")
    supporter.open_form(campaign)
    supporter.check()

    page = preview(supporter, campaign, office.key)

    (picture,) = PICTURE.findall(page)
    assert Image.open(BytesIO(b64decode(picture))).mode == "1"
    assert not Letter.objects.exists()


def test_a_preview_without_a_draft_is_not_found(supporter: Supporter, campaign: Campaign) -> None:
    supporter.open_form(campaign)
    supporter.check()
    address = reverse("letters:fax_preview", args=[campaign.slug, "no-office"])
    form = next(form for form in tree(supporter.page).iter("form") if form.get("method") == "post")

    assert supporter.client.post(address, values(form)).status_code == 404
    assert supporter.client.post(address, {**values(form), "draft": "forged"}).status_code == 404


def test_a_letter_too_long_for_a_fax_is_told_before_and_not_stored(
    supporter: Supporter, campaign: Campaign, settings: Settings
) -> None:
    settings.FAX_MAX_PAGES = 1
    supporter.open_form(campaign)
    supporter.check(own_words="I teach history in Leeds.\n\n" * 50)
    assert "at most 1" in supporter.page.content.decode()

    supporter.ask_for_link()

    assert "at most 1" in supporter.page.content.decode()
    assert not Letter.objects.exists()


@pytest.fixture
def delivered(db: None) -> Delivery:
    """Return a fax that arrived."""
    (fax,) = confirmed_faxes(1)
    now = timezone.now()
    gone = {"handed_over_at": now, "handed_over_on": now.date(), "delivered_at": now}
    Delivery.objects.filter(pk=fax.pk).update(state="delivered", **gone)
    FaxCall.objects.create(delivery=fax, attempt=1, outcome="delivered", pages=1, remote_id="OFFICE", ended_at=now)
    return Delivery.objects.select_related("letter").get(pk=fax.pk)


def test_the_status_page_gives_the_receipt_as_a_pdf(delivered: Delivery, client: Client) -> None:
    assert delivered.letter
    status = reverse("letters:status", args=[tokens.make(delivered.letter, tokens.Purpose.STATUS)])
    assert f'href="{status}receipts/{delivered.pk}.pdf"' in client.get(status).content.decode()

    receipt = client.get(f"{status}receipts/{delivered.pk}.pdf")

    assert receipt.headers["Content-Type"] == "application/pdf"
    assert receipt.content.startswith(b"%PDF")


def test_the_receipt_of_another_letter_is_not_found(delivered: Delivery, client: Client) -> None:
    (other,) = confirmed_faxes(1)
    assert other.letter
    status = reverse("letters:status", args=[tokens.make(other.letter, tokens.Purpose.STATUS)])

    assert client.get(f"{status}receipts/{delivered.pk}.pdf").status_code == 404
    assert client.get(f"{status}receipts/{other.pk}.pdf").status_code == 404


def test_an_organiser_sees_calls_pages_and_receipt(delivered: Delivery, client: Client) -> None:
    client.force_login(make_staff("organiser"))
    page = client.get(reverse("admin:letters_delivery_change", args=[delivered.pk])).content.decode()

    for name in ("fax", "receipt"):
        assert reverse(f"admin:letters_delivery_{name}", args=[delivered.pk]) in page
    assert "OFFICE" in page
    pages = client.get(reverse("admin:letters_delivery_fax", args=[delivered.pk])).content.decode()
    assert len(PICTURE.findall(pages)) == 1
    receipt = client.get(reverse("admin:letters_delivery_receipt", args=[delivered.pk]))
    assert receipt.content.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["fax", "receipt"])
def test_who_may_not_see_deliveries_sees_no_fax(delivered: Delivery, client: Client, name: str) -> None:
    client.force_login(make_staff("translator"))

    assert client.get(reverse(f"admin:letters_delivery_{name}", args=[delivered.pk])).status_code == 403


def test_a_network_that_had_its_share_of_paper_sees_no_more_faxes(
    supporter: Supporter, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "AT_ONCE", 1)
    office = campaign.targets.get(target__contacts__channel="fax")
    supporter.open_form(campaign)
    supporter.check()

    assert PICTURE.search(preview(supporter, campaign, office.key))
    assert "can’t be drawn just now" in preview(supporter, campaign, office.key)
