"""The pages of an open letter, seen by Chromium: signing it, and who signed."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_public import RULES, SEEDS
from tests.letters.writing.test_signing import give

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTER = "/campaigns/open-letter-of-11-prisoners"
PAGES = [f"{LETTER}/sign/", f"{LETTER}/sign/?as=organisation", f"{LETTER}/signatories/"]


@pytest.fixture
def origin(live_server: LiveServer, settings: Any) -> str:
    """Return the address of a site with the seeds, and one signature."""
    settings.TALLY_MINIMUM = 1
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    give(form=f"{LETTER}/sign/")
    return live_server.url


def test_axe_finds_nothing_and_no_page_scrolls_sideways(page: Page, origin: str) -> None:
    found = {}
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        for prefix in ("", "/ar"):
            page.goto(f"{origin}{prefix}{path}")
            for violation in Axe().run(page, options=RULES).response["violations"]:
                found[prefix, path, violation["id"]] = [node["html"] for node in violation["nodes"]]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[prefix, path, "wide"] = []

    assert found == {}


def test_an_error_leads_to_its_field(page: Page, origin: str) -> None:
    page.goto(f"{origin}{PAGES[0]}")
    with page.expect_navigation():
        page.click("main form[method=post] button")

    assert page.title().startswith("Error:")
    for link in page.locator(".error-summary a").all():
        assert page.locator(link.get_attribute("href") or "").count() == 1
