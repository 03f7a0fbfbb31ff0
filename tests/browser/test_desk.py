"""The desk's pages about delivery, seen by Chromium: accessible, on small screens, in the dark, from right to left."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign
from letters.models import Heartbeat
from tests import factories
from tests.browser.test_style import RULES
from tests.letters.counting.conftest import delivery, letter
from tests.staff import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign(settings: Settings) -> Campaign:
    """Make a campaign whose letters are in trouble, seen after some days without a worker."""
    settings.DELIVERY_MODE, settings.SECOND_FACTOR = "live", False
    made = factories.make_campaign(factories.make_office("email", "fax", "post", time_zone="Europe/Moscow"))
    office, now = made.targets.get(), timezone.now()
    assert office.target
    contact = office.target.contacts.get(channel="email")
    for number, state in enumerate(("queued", "deferred", "held", "unknown", "unresolved", "failed", "bounced") * 2):
        fields = (
            {"hold_reason": "facts_changed"} if state == "held" else {"settled_at": now - dt.timedelta(days=number)}
        )
        delivery(letter(made, on=now), office, state, on=now, contact=contact, deliver_by=now, **fields)
    for _ in range(5):
        delivery(letter(made, on=now), office, "accepted", on=now, contact=contact)
    Heartbeat.objects.create(worker="machine:1", at=now - dt.timedelta(minutes=12))
    return made


@pytest.fixture
def desk(context: BrowserContext, live_server: LiveServer, campaign: Campaign) -> Page:
    """Return a page of an organiser who has signed in."""
    client = Client()
    client.force_login(make_staff("organiser"))
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def test_the_pages_are_accessible_and_fit_in_light_and_dark_from_left_and_right(
    desk: Page, live_server: LiveServer, campaign: Campaign
) -> None:
    queue = "/admin/letters/delivery/queue/"
    paths = ["/admin/", queue, f"{queue}pause/campaign/{campaign.pk}/", f"/admin/campaigns/campaign/{campaign.pk}/won/"]
    found = {}
    for prefix, scheme, width in (("", "light", 360), ("/ar", "dark", 360), ("", "dark", 1280), ("/ar", "light", 1280)):
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        desk.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            desk.goto(f"{live_server.url}{prefix}{path}")
            if desk.evaluate("document.documentElement.scrollWidth") > width:
                found[prefix, scheme, path, "too wide"] = [str(width)]
            if path.endswith("/won/"):
                continue  # here axe itself sets inline styles, which our CSP refuses
            # Around it is Django's own admin.
            for violation in Axe().run(desk, context="#content", options=RULES).response["violations"]:
                found[prefix, scheme, path, violation["id"]] = [node["html"] for node in violation["nodes"]]

    assert found == {}


def test_a_campaign_is_stopped_and_let_go_on_by_keyboard_alone(
    desk: Page, live_server: LiveServer, campaign: Campaign
) -> None:
    desk.goto(f"{live_server.url}/admin/letters/delivery/queue/?campaign={campaign.pk}")
    desk.get_by_role("link", name="Stop this campaign").press("Enter")
    desk.get_by_label("Why").fill("The family asks us to wait.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/queue/")
    campaign.refresh_from_db()
    assert campaign.state == "paused"

    desk.get_by_role("link", name="Undo: Let it go on").press("Enter")
    desk.get_by_role("button", name="Let it go on").press("Enter")
    desk.wait_for_url("**/queue/")
    campaign.refresh_from_db()
    assert campaign.state == "open"
