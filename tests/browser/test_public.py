"""The public pages with the seeds, seen by Chromium: ways and weights beside the acceptance tests."""

import gzip

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.tour import PAGES
from tests.browser.world import KUKU, SEEDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def origin(live_server: LiveServer) -> str:
    """Return the address of a site with the seeds."""
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    return live_server.url


def test_from_home_two_clicks_lead_to_the_first_page_of_a_letter(page: Page, origin: str) -> None:
    page.goto(origin)

    page.get_by_role("link", name="Conviction of Crimeans must be quashed").first.click()
    page.get_by_role("link", name="Write now").first.click()

    assert page.url.startswith(f"{origin}/campaigns/{KUKU}/write/")


def test_the_html_of_every_page_is_light(origin: str) -> None:
    weights = {path: len(gzip.compress(Client().get(path).content)) for path in PAGES.values()}

    assert {path: weight for path, weight in weights.items() if weight > 20 * 1024} == {}
