"""Pictures of every page type, for people to look at: `make screenshots` writes them to `screenshots/`."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import world
from tests.browser.tour import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).parents[2] / "screenshots"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_picture(
    page: Page, live_server: LiveServer, language: str, scheme: Literal["light", "dark"], width: int
) -> None:
    world.fill()
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    base = live_server.url if language == "en" else f"{live_server.url}/{language}"
    for name in walk(page, base):
        page.screenshot(path=FOLDER / f"{width}-{scheme}-{language}" / f"{name}.png", full_page=True)
