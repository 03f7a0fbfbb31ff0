"""Signing an open letter, seen by Chromium."""

from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.world import SEEDS
from tests.letters.writing.test_signing import give

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTER = "/campaigns/open-letter-of-11-prisoners"


@pytest.fixture
def origin(live_server: LiveServer, settings: Any) -> str:
    """Return the address of a site with the seeds, and one signature."""
    settings.TALLY_MINIMUM = 1
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    give(form=f"{LETTER}/sign/")
    return live_server.url


def test_an_error_leads_to_its_field(page: Page, origin: str) -> None:
    page.goto(f"{origin}{LETTER}/sign/")
    with page.expect_navigation():
        page.click("main form[method=post] button")

    assert page.title().startswith("Error:")
    for link in page.locator(".error-summary a").all():
        assert page.locator(link.get_attribute("href") or "").count() == 1
