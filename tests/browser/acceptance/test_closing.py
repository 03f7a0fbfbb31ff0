"""Acceptance test 15: an organiser closes a campaign as won, and every page turns."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, Update
from letters.models import Delivery
from letters.sending import settling
from tests.factories import make_campaign, make_case, make_model_letter, make_office, make_person
from tests.letters.counting.conftest import delivery, letter
from tests.staff import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign() -> Campaign:
    """Make a campaign with a letter that waits to be sent."""
    made = make_campaign(make_office(), case=make_case(make_person("Vera Example", slug="vera")), slug="free-vera")
    make_model_letter(made)
    delivery(letter(made), made.targets.get(), "queued", on=timezone.now())
    return made


def sign_in(page: Page, origin: str) -> None:
    """Give the browser the session of an organiser."""
    client = Client()
    client.force_login(make_staff("organiser"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])


def test_15_closing_as_won_turns_every_page_cancels_what_waits_and_leaves_a_draft(
    page: Page, live_server: LiveServer, campaign: Campaign
) -> None:
    origin = live_server.url
    sign_in(page, origin)
    page.goto(f"{origin}{reverse('admin:campaigns_campaign_won', args=[campaign.pk])}")
    page.fill("[name=outcome__en]", "Vera came out this morning.")
    page.select_option("select[name^=member_]", "released")
    with page.expect_navigation():
        page.get_by_role("button", name="Close the campaign").click()

    page.goto(origin)
    expect(page.locator(".front__part--free")).to_contain_text("Vera Example")
    page.goto(f"{origin}/past/")
    expect(page.locator(".case-card--free")).to_contain_text("Released")
    for path in ("/campaigns/free-vera/", "/prisoners/vera/"):
        page.goto(f"{origin}{path}")
        expect(page.locator(".status-band--free .postmark")).to_contain_text("Released")
        expect(page.get_by_role("link", name="Write now")).to_have_count(0)
    page.goto(f"{origin}/embed/free-vera/")
    expect(page.locator(".tag--free")).to_have_text("Released")
    settling.cancel()
    assert [row.state for row in Delivery.objects.all()] == ["cancelled"]
    assert [update.published_at for update in Update.objects.filter(campaign=campaign)] == [None]
