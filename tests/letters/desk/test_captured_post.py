"""Captured post: what trial mode kept can be read, by those who may."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from campaigns.models import Campaign
from letters.models import Delivery
from tests import factories
from tests.letters.counting.conftest import delivery, letter
from tests.staff import make_staff

LIST = "admin:letters_capturedpost_changelist"
LINK = "http://testserver/letters/token/confirm/"


@pytest.fixture
def campaign(db: None) -> Campaign:
    return factories.make_campaign(factories.make_office("fax"))


@pytest.fixture
def organiser(client: Client, db: None) -> Client:
    client.force_login(make_staff("organiser"))
    return client


def captured_fax(campaign: Campaign) -> Delivery:
    return delivery(
        letter(campaign),
        campaign.targets.get(),
        "captured",
        channel="fax",
        address="+442079460001",
        addressee="The Prosecutor\nExampletown",
        sender="Vera's Friend",
        subject="Vera Example",
        text="Dear Prosecutor,\n\nрелease her <script>alert(1)</script>\n\nVera's Friend",
    )


def captured_mail(campaign: Campaign) -> Delivery:
    return Delivery.objects.create(
        campaign=campaign,
        role="service",
        purpose="confirm",
        channel="email",
        address="someone@supporter.test",
        sender="Postbag",
        language="en",
        subject="Please confirm",
        text=f"Open this link:\n{LINK}\n",
        text_hash="x",
        state="captured",
    )


def page_of(client: Client, post: Delivery) -> Any:
    return client.get(reverse("admin:letters_capturedpost_change", args=[post.pk]))


def test_captured_post_is_listed_the_newest_first_and_nothing_else_is(organiser: Client, campaign: Campaign) -> None:
    fax, mail = captured_fax(campaign), captured_mail(campaign)
    delivery(letter(campaign), campaign.targets.get(), "queued", subject="Not captured")

    rows = organiser.get(reverse(LIST)).context["cl"].result_list

    assert [row.pk for row in rows] == [mail.pk, fax.pk]


def test_a_mail_shows_whom_it_is_for_and_a_link_to_follow(organiser: Client, campaign: Campaign) -> None:
    html = page_of(organiser, captured_mail(campaign)).content.decode()

    assert "someone@supporter.test" in html
    assert f'<a href="{LINK}"' in html


def test_the_text_of_a_letter_is_text(organiser: Client, campaign: Campaign) -> None:
    html = page_of(organiser, captured_fax(campaign)).content.decode()

    assert "&lt;script&gt;" in html
    assert "<script>alert" not in html


def test_what_is_not_captured_or_no_fax_has_no_such_pages(organiser: Client, campaign: Campaign) -> None:
    waiting = delivery(letter(campaign), campaign.targets.get(), "queued", channel="fax")
    mail = captured_mail(campaign)

    assert page_of(organiser, waiting).status_code == 302
    for post in (waiting, mail):
        assert organiser.get(reverse("admin:letters_capturedpost_fax", args=[post.pk])).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "translator", "", None])
def test_others_read_nothing(role: str | None, client: Client, campaign: Campaign) -> None:
    post = captured_fax(campaign)
    if role is not None:
        client.force_login(make_staff(*[role] if role else []))
    pages = [
        reverse(LIST),
        reverse("admin:letters_capturedpost_change", args=[post.pk]),
        reverse("admin:letters_capturedpost_fax", args=[post.pk]),
    ]

    assert {client.get(page).status_code for page in pages} == {302 if role is None else 403}


def test_organisers_are_led_from_the_banner_to_the_post_in_trial_mode_only(
    organiser: Client, settings: Settings
) -> None:
    settings.DELIVERY_MODE = "capture"
    page = organiser.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse(LIST)}">Read the captured post' in page

    settings.DELIVERY_MODE = "live"

    assert "Trial mode" not in organiser.get(reverse("admin:index")).content.decode()
