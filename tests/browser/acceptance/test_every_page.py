"""Acceptance tests 3, 8, 9 and 11: what holds on every page, seen by Chromium on one walk a language."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser import world
from tests.browser.tour import walk
from tests.browsing import Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What dark changes: colours alone. All other rules were asked in light.
IN_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Our 106.25 % of a reader's 200 %.
TWICE = "212.5%"
# An Arabic page is seen on a phone; what else can stick out does so in either direction.
SCREENS = {"en": ((320, ""), (360, TWICE), (1280, "")), "ar": ((360, ""),)}

TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
WRONG_WAY = """() => [...document.querySelectorAll("a[href^='mailto:'], a[href^='tel:'], .phone, .ltr")]
  .filter(e => e.textContent.trim().match(/[@\\d]/) && getComputedStyle(e).direction !== "ltr")
  .map(e => e.outerHTML)"""
BARE_NAMES = """() => [...document.querySelectorAll("h1, h2, h3, li > a, .name-card__name")]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && /[A-Z][a-z]+ [A-Z]/.test(n.data)))
  .filter(e => /[\\u0600-\\u06ff]/.test(e.textContent))
  .filter(e => !e.closest("[lang=en], bdi, [dir=auto]"))
  .map(e => e.outerHTML)"""
NAME_IS_WHOLE = """name => [...document.querySelectorAll("h1, .name-card__name, .case-card__title, .glance li")]
  .filter(e => e.textContent.includes(name))
  .map(e => e.scrollWidth <= e.clientWidth + 1 && getComputedStyle(e).textOverflow !== "ellipsis")"""


@dataclass
class Seen:
    """What was found on one walk, each with the page and where it was."""

    language: str
    violations: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    too_wide: list[tuple[str, int, str]] = field(default_factory=list)
    wrong_way: dict[str, list[str]] = field(default_factory=dict)
    bare: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[bool]] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    without_heading: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        """Look at the page that is open from all sides."""
        self.pages.append(name)
        if page.locator("h1").count() != 1:
            self.without_heading.append(name)
        for scheme, rules in (("light", RULES), ("dark", IN_DARK)) if self.language == "en" else (("dark", RULES),):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for violation in Axe().run(page, options=rules).response["violations"]:
                nodes = [node["html"] for node in violation["nodes"]]
                self.violations[name, f"{scheme} {violation['id']}"] = nodes
        self.wrong_way |= {name: found} if (found := page.evaluate(WRONG_WAY)) else {}
        self.bare |= {name: found} if (found := page.evaluate(BARE_NAMES)) else {}
        for width, size in SCREENS[self.language]:
            self.measure(page, name, width, size)
        page.evaluate("document.documentElement.style.fontSize = ''")

    def measure(self, page: Page, name: str, width: int, size: str) -> None:
        """See whether anything sticks out on a screen so wide with text so large."""
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        if page.evaluate(TOO_WIDE):
            self.too_wide.append((name, width, size))
        if whole := page.evaluate(NAME_IS_WHOLE, world.LONG_NAME):
            self.names.setdefault(name, []).extend(whole)


@pytest.fixture(scope="module")
def seen(
    browser: Browser, live_server: LiveServer, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, Seen]:
    """Walk through the whole site from left to right and from right to left, and return what was found."""
    found = {}
    with django_db_blocker.unblock():
        world.fill()
        for language, path in (("en", ""), ("ar", "/ar")):
            context = browser.new_context(reduced_motion="reduce")  # colours that still fade have no contrast yet
            watch = Watch(live_server.url).over(context)
            page, found[language] = context.new_page(), Seen(language, foreign=watch.foreign, refused=watch.refused)
            for name in walk(page, f"{live_server.url}{path}"):
                found[language].look(page, name)
            context.close()
    return found


def test_03_axe_finds_no_violation_on_any_page_in_light_and_dark_from_left_and_right(seen: dict[str, Seen]) -> None:
    assert len(seen["en"].pages) >= 24
    assert {language: walked.violations for language, walked in seen.items()} == {"en": {}, "ar": {}}
    assert {language: walked.without_heading for language, walked in seen.items()} == {"en": [], "ar": []}


def test_08_in_arabic_nothing_scrolls_sideways_and_numbers_addresses_and_latin_names_keep_their_direction(
    seen: dict[str, Seen],
) -> None:
    assert seen["ar"].too_wide == []
    assert seen["ar"].wrong_way == {}
    assert seen["ar"].bare == {}


def test_09_a_name_of_sixty_letters_is_whole_on_small_screens_and_with_large_text(seen: dict[str, Seen]) -> None:
    assert len(world.LONG_NAME) >= 60
    assert seen["en"].too_wide == []
    assert {"home", "campaign-long-name", "person-long-name"} <= set(seen["en"].names)
    assert {page: whole for page, whole in seen["en"].names.items() if not all(whole)} == {}


def test_11_no_page_speaks_to_another_origin_or_breaks_the_csp(seen: dict[str, Seen]) -> None:
    assert {language: (walked.foreign, walked.refused) for language, walked in seen.items()} == {
        "en": ([], []),
        "ar": ([], []),
    }
