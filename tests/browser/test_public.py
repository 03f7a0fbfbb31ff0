"""The public pages with the seven campaigns of the seeds, seen by Chromium.

The `context` fixture also fails these tests when a page speaks to another origin or breaks the CSP.
"""

import gzip
import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEEDS = sorted((Path(__file__).parents[2] / "campaigns" / "files" / "seeds").glob("*.yaml"))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = [
    *("/", "/?q=zzz", "/?country=RU", "/past/", "/themes/trade-unions/", "/prisoners/", "/prisoners/?q=zzz"),
    *("/prisoners/emir-usein-kuku/", "/prisoners/boris-kagarlitsky/", "/missions/?of=RU&near=DE", "/missions/"),
    *("/events/", "/updates/", "/about/", "/help/", "/privacy/", "/safety/", "/nothing/"),
    *("/embed/crimea-six-ua-126-19/", "/campaigns/crimea-six-ua-126-19/", "/campaigns/free-valentin-urusov/"),
    *("/campaigns/defend-glodeni-sugar-mill-workers/", "/campaigns/tikkurila-is-lying/"),
    *("/campaigns/free-ainur-kurmanov/", "/campaigns/may-6th-affair/", "/campaigns/open-letter-of-11-prisoners/"),
]


@pytest.fixture
def origin(live_server: LiveServer) -> str:
    """Return the address of a site with the seeds."""
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    return live_server.url


def test_axe_finds_nothing_on_any_page_in_light_from_left_and_in_dark_from_right(page: Page, origin: str) -> None:
    found = {}
    for path in PAGES:
        for prefix, dark in (("", False), ("/ar", True)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.goto(f"{origin}{prefix}{path}")
            for violation in Axe().run(page, options=RULES).response["violations"]:
                found[prefix, path, violation["id"]] = [node["html"] for node in violation["nodes"]]

    assert found == {}


def test_no_page_scrolls_sideways_on_small_screens_or_with_large_text(page: Page, origin: str) -> None:
    too_wide = []
    for path in PAGES:
        for prefix in ("", "/ar"):
            page.goto(f"{origin}{prefix}{path}")
            for width, size in ((320, "100%"), (360, "200%"), (1280, "100%")):
                page.set_viewport_size({"width": width, "height": 640})
                page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    too_wide.append((prefix, path, width, size))

    assert too_wide == []


def test_reading_sets_no_cookie_and_needs_no_script(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in PAGES:
        page.goto(f"{origin}{path}")
        assert page.locator("h1").count() == 1
    cookies = context.cookies()
    context.close()

    assert cookies == []


def test_from_home_two_clicks_lead_to_the_first_page_of_a_letter(page: Page, origin: str) -> None:
    page.goto(origin)

    page.get_by_role("link", name="Conviction of Crimeans must be quashed").first.click()
    page.get_by_role("link", name="Write now").first.click()

    assert page.url.startswith(f"{origin}/campaigns/crimea-six-ua-126-19/write/")


@pytest.mark.parametrize("slug", ["crimea-six-ua-126-19", "free-valentin-urusov"])
def test_a_campaign_prints_as_a_leaflet_of_two_sheets(page: Page, origin: str, slug: str, tmp_path: Path) -> None:
    page.goto(f"{origin}/campaigns/{slug}/")
    leaflet = tmp_path / "leaflet.pdf"
    page.pdf(path=leaflet, format="A4")
    sheets = PdfReader(leaflet).pages
    words = "".join(sheet.extract_text() for sheet in sheets)

    assert len(sheets) <= 2
    for demand in Campaign.objects.get(slug=slug).demands.all():
        assert str(demand.text).split()[-1] in words


def test_a_first_visit_stays_light(origin: str) -> None:
    weights = {path: len(gzip.compress(Client().get(path).content)) for path in PAGES}

    assert {path: weight for path, weight in weights.items() if weight > 20 * 1024} == {}


def test_the_frame_for_other_sites_weighs_at_most_40_kb(page: Page, origin: str) -> None:
    weights: list[int] = []
    page.on("response", lambda response: weights.append(len(response.body())))

    page.goto(f"{origin}/embed/crimea-six-ua-126-19/")
    page.wait_for_load_state("networkidle")

    assert sum(weights) <= 40 * 1024, json.dumps(weights)
