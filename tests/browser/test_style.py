"""The look, seen by Chromium: accessible in light and dark, both directions, on small screens and with large text."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from config.style import PAGES
from prisoners.stylesheets import joined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def origin(live_server: LiveServer, settings: Settings) -> str:
    """Return the address of a site that shows the style pages."""
    settings.DEBUG = True
    return live_server.url


def visit(page: Page, address: str) -> None:
    response = page.goto(address)
    assert response
    assert response.ok


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_and_dark_from_left_and_right(page: Page, origin: str, name: str) -> None:
    found = {}
    for prefix in ("", "/ar"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            visit(page, f"{origin}{prefix}/style/{name}/?errors")
            for violation in Axe().run(page, options=RULES).response["violations"]:
                found[prefix, scheme, violation["id"]] = [node["html"] for node in violation["nodes"]]

    assert found == {}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_small_screens_or_with_large_text(page: Page, origin: str, name: str) -> None:
    too_wide = []
    for prefix in ("", "/ar"):
        visit(page, f"{origin}{prefix}/style/{name}/")
        for width, size in ((320, "100%"), (360, "200%"), (1280, "200%")):
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                too_wide.append((prefix, width, size))

    assert too_wide == []


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_every_stop_of_the_keyboard_has_a_visible_ring(page: Page, origin: str, prefix: str) -> None:
    visit(page, f"{origin}{prefix}/style/write/")
    ring = "() => getComputedStyle(document.activeElement.closest('.office') ?? document.activeElement).outlineWidth"

    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(ring) == "3px"


def test_what_a_finger_must_hit_is_44_pixels_high(page: Page, origin: str) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    visit(page, f"{origin}/style/write/")

    targets = page.locator(".button, .languages a:visible, summary:visible, .choice:visible")
    heights = targets.evaluate_all("all => all.map(e => [e.textContent.trim(), e.getBoundingClientRect().height])")

    assert heights
    assert [target for target in heights if target[1] < 44] == []


def test_a_first_visit_costs_at_most_18_kb_of_css() -> None:
    assert len(gzip.compress(joined().encode())) <= 18 * 1024
