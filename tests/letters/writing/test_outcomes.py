"""The status page tells every state in plain words, and what helps where a letter went astray."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.models import Campaign
from letters import tokens
from letters.models import Delivery, DeliveryState, Letter
from tests import factories
from tests.letters.counting.conftest import delivery, letter

pytestmark = pytest.mark.django_db
ASTRAY = {"bounced", "failed", "expired", "unresolved"}


def page_of(written: Letter) -> str:
    """Return the words of the status page."""
    response = Client().get(f"/letters/{tokens.make(written, tokens.Purpose.STATUS)}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def status(state: str, *channels: str, campaign: Campaign | None = None, **fields: Any) -> str:
    """Return the status page of a letter to one office, reached by `channels`, whose delivery is in `state`."""
    campaign = campaign or factories.make_campaign(factories.make_office(*(channels or ("email", "post", "phone"))))
    office = campaign.targets.get()
    assert office.target
    contact = office.target.contacts.filter(channel="email").first()
    fields.setdefault("lease_until", timezone.now())
    written = letter(campaign, on=timezone.now(), email="ada@supporter.test", country="GB")
    delivery(written, office, state, on=timezone.now(), contact=contact, **fields)
    return page_of(written)


@pytest.mark.parametrize("state", list(DeliveryState), ids=lambda state: state.value)
def test_every_state_has_words_of_its_own_and_astray_ones_another_way(state: DeliveryState) -> None:
    page = status(state)

    assert 'class="tag' in page
    assert str(state) not in page.partition('<ul class="deliveries">')[2].partition("</ul>")[0].replace("cancelled", "")
    assert ("What you can do now:" in page) == (state in ASTRAY)
    assert ("tel:+44" in page) == (state in ASTRAY)
    assert ("?from=GB&amp;office=" in page) == (state in ASTRAY)


def test_another_channel_is_offered_first_where_the_site_can_send_over_it(settings: Settings) -> None:
    settings.FAX_URL = "hylafax://fax.test"

    page = status("failed", "email", "fax", "post")

    assert page.index("Write again, by fax") < page.index("&amp;office=")
    assert "Write again" not in status("unresolved", "email", "fax"), "it may have arrived"


def test_no_other_way_is_offered_once_the_campaign_is_over() -> None:
    campaign = factories.make_campaign(factories.make_office("email", "post"), state="ended", outcome={"en": "Free"})

    assert "What you can do now:" not in status("failed", campaign=campaign)
    Delivery.objects.all().delete()
    assert "because the campaign is over" in status("cancelled", campaign=campaign)


def test_a_failure_says_what_the_site_does_about_it_and_what_it_did() -> None:
    assert "comes back to you by mail" in status("failed")
    assert "went back to you by mail" in status("failed", told_at=timezone.now())


def test_who_asked_for_discretion_is_promised_no_mail_and_links_say_so_on() -> None:
    campaign = factories.make_campaign(factories.make_office("email", "post"))
    written = letter(campaign, on=timezone.now(), email="ada@supporter.test", country="GB", discreet=True)
    delivery(written, campaign.targets.get(), "failed", on=timezone.now())

    page = page_of(written)

    assert "back to you by mail" not in page
    assert "?from=GB&amp;quiet=" in page


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("facts_changed", "The facts of the case changed"),
        ("campaign_paused", "The campaign rests"),
        ("office_paused", "stopped writing to this office"),
        ("moderation", "Somebody here looks at yours"),
        ("asked", "We asked you by email"),
    ],
)
def test_a_held_letter_says_why(reason: str, words: str) -> None:
    page = status("held", hold_reason=reason)

    assert words in page
    assert "on its way" not in page, "nothing is on its way that is held"


def test_a_long_queue_is_told_with_a_moment_and_its_time_zone(settings: Settings) -> None:
    settings.DELIVERY_MODE, settings.MAILBOX_PER_HOUR = "live", 2
    campaign = factories.make_campaign(factories.make_office())
    office = campaign.targets.get()
    assert office.target
    for _ in range(48):
        delivery(letter(campaign), office, "queued", contact=office.target.contacts.get())

    page = status("queued", campaign=campaign)

    assert "Many write to this office" in page
    assert (
        f"{timezone.now() + dt.timedelta(days=1):%A}" in page or f"{timezone.now() + dt.timedelta(days=2):%A}" in page
    )
    assert "(UTC)" in page


def test_the_heading_counts_only_what_is_on_its_way() -> None:
    campaign = factories.make_campaign(*(factories.make_office() for _ in range(3)))
    written = letter(campaign, on=timezone.now())
    for office, state in zip(campaign.targets.all(), ("queued", "failed", "accepted"), strict=True):
        delivery(written, office, state, on=timezone.now())

    assert "<h1>1 of 3 letters is on its way</h1>" in page_of(written)


def test_the_page_asks_as_much_for_many_offices_as_for_one() -> None:
    def questions(offices: int) -> int:
        campaign = factories.make_campaign(*(factories.make_office("email", "post") for _ in range(offices)))
        written = letter(campaign, on=timezone.now())
        for office in campaign.targets.all():
            delivery(written, office, "failed", on=timezone.now())
        with CaptureQueriesContext(connection) as found:
            page_of(written)
        return len(found)

    assert questions(1) == questions(5)
