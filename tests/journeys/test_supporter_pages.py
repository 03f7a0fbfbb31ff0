"""The supporter's pages in Chromium: accessible, in both directions, on the smallest screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, Channel
from letters import tokens
from letters.models import Letter
from tests import factories
from tests.letters.writing.supporter import ANSWERS, mailed_links, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def busy(transactional_db: None) -> Campaign:
    """A campaign with everything that page 1 can show."""
    offices = [
        factories.make_office(Channel.FAX, Channel.EMAIL, Channel.POST, name={"en": "Chief Military Prosecutor"}),
        factories.make_office(Channel.POST, name={"en": "President of the Presidential Administration"}),
        factories.make_office(Channel.WEB_FORM, name={"en": "Secretariat"}),
    ]
    campaign = factories.make_campaign(*offices, slug="busy", safety_note={"en": "Do not name the family."})
    factories.make_model_letter(campaign, key="points", points=["Release her.", "Pay her wages."])
    campaign.copy_addresses.create(email="london-campaign-group@campaign.test")
    return campaign


def press(page: Page, button: str) -> None:
    """Press a button and wait for the page behind it."""
    with page.expect_navigation():
        page.click(button)


def submit_page_1(page: Page) -> None:
    for name in ("own_words", "name", "email"):
        page.fill(f"[name={name}]", ANSWERS[name])
    press(page, "button[value=check]:not([aria-hidden])")


def pages(page: Page, base: str) -> Iterator[str]:
    """Open each page type in turn and yield its name."""
    campaign = f"{base}/campaigns/busy"
    for name in ("write/", "write/?from=US", "write/?from=RU", "print/?from=US", "own-mailbox/?from=US", "report/"):
        page.goto(f"{campaign}/{name}")
        yield name
    page.goto(f"{campaign}/write/?from=US")
    press(page, "button[value=check]:not([aria-hidden])")
    yield "page 1 with errors"
    submit_page_1(page)
    yield "check"
    press(page, "button[value=send]")
    yield "asked"
    page.goto(base + mailed_links()[-1].removeprefix("/ar"))
    yield "confirm"
    press(page, "main button")
    yield "status"
    letter = Letter.objects.latest("pk")
    page.goto(f"{base}/letters/{tokens.make(letter, tokens.Purpose.ERASE)}/erase/")
    yield "erase"
    page.goto(f"{base}/letters/wrong/confirm/")
    yield "wrong link"


@pytest.mark.parametrize(("prefix", "scheme"), [("", "light"), ("/ar", "dark")])
def test_axe_finds_nothing(
    page: Page, live_server: LiveServer, busy: Campaign, prefix: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    found = {}
    for name in pages(page, live_server.url + prefix):
        for violation in Axe().run(page, options=RULES).response["violations"]:
            found[name, violation["id"]] = [node["html"] for node in violation["nodes"]]

    assert found == {}


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_no_page_scrolls_sideways(page: Page, live_server: LiveServer, busy: Campaign, prefix: str) -> None:
    too_wide = []
    for name in pages(page, live_server.url + prefix):
        for width, size in ((320, "100%"), (360, "200%")):
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                too_wide.append((name, width, size))
        page.evaluate("document.documentElement.style.fontSize = ''")

    assert too_wide == []


def test_closed_and_late_pages_are_accessible_too(page: Page, live_server: LiveServer, busy: Campaign) -> None:
    written(busy)
    link = mailed_links()[0]
    busy.state = "paused"
    busy.save()
    found = []
    for address in (link, "/campaigns/busy/write/"):
        page.goto(live_server.url + address)
        found += Axe().run(page, options=RULES).response["violations"]
    Letter.objects.update(expires_at="2001-01-01T00:00Z")
    page.goto(live_server.url + link)
    found += Axe().run(page, options=RULES).response["violations"]

    assert Client().get(link).status_code == 410
    assert found == []
