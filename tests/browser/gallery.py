"""Pictures of every page type, for people to look at: `make screenshots` writes them to `screenshots/`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from letters import tokens
from letters.models import Letter
from tests.browser.test_public import PAGES, SEEDS
from tests.letters.writing.supporter import mailed_links

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).parents[2] / "screenshots"
CAMPAIGN = "campaigns/crimea-six-ua-126-19"
STEPS = ("write/", "write/?from=US", "write/?from=RU", "print/?from=US", "own-mailbox/?from=US", "report/")
TYPED = {
    "own_words": "I teach history, and my students ask about these men.",
    "name": "Ada Example",
    "email": "ada@supporter.test",
}


def visit(page: Page, base: str) -> Iterator[str]:
    """Open every page type in turn, and yield a name for its picture."""
    for path in PAGES:
        page.goto(f"{base}{path}")
        yield path.strip("/").replace("/", "-").replace("?", "-") or "home"
    for step in STEPS:
        page.goto(f"{base}/{CAMPAIGN}/{step}")
        yield f"letter-{step.replace('/', '').replace('?', '-')}"
    yield from write(page, base)
    page.goto(f"{base}/letters/wrong/confirm/")
    yield "letter-wrong-link"


def write(page: Page, base: str) -> Iterator[str]:
    """Go a supporter's way from an empty form to the status of a letter."""
    page.goto(f"{base}/{CAMPAIGN}/write/?from=US")
    press(page, "button[value=check]")
    yield "letter-errors"
    for name, text in TYPED.items():
        page.fill(f"[name={name}]", text)
    press(page, "button[value=check]")
    yield "letter-check"
    press(page, "button[value=send]")
    yield "letter-asked"
    page.goto(f"http://{urlsplit(base).netloc}{mailed_links()[-1]}")
    yield "letter-confirm"
    press(page, "main button")
    yield "letter-status"
    page.goto(f"{base}/letters/{tokens.make(Letter.objects.latest('pk'), tokens.Purpose.ERASE)}/erase/")
    yield "letter-erase"


def press(page: Page, button: str) -> None:
    """Press a button and wait for the page behind it."""
    with page.expect_navigation():
        page.click(button)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_picture(
    page: Page, live_server: LiveServer, language: str, scheme: Literal["light", "dark"], width: int
) -> None:
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    base = live_server.url if language == "en" else f"{live_server.url}/{language}"
    for name in visit(page, base):
        page.screenshot(path=FOLDER / f"{width}-{scheme}-{language}" / f"{name}.png", full_page=True)
