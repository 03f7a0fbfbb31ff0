"""Acceptance test 18: a campaign on paper, as the browser prints it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign
from letters.models import Letter
from tests.browser.tour import press
from tests.browser.world import KUKU, SEEDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def origin(live_server: LiveServer) -> str:
    """Return the address of a site with the seeds."""
    call_command("load_campaign", *map(str, SEEDS), verbosity=0)
    return live_server.url


def printed(page: Page, address: str, file: Path) -> tuple[int, str]:
    """Return how many sheets of A4 the page fills, and all their words."""
    page.goto(address)
    page.pdf(path=file, format="A4")
    sheets = PdfReader(file).pages
    return len(sheets), plain("".join(sheet.extract_text() for sheet in sheets))


def plain(text: str) -> str:
    """Return a text without spaces and hyphens, which lines on paper break differently."""
    return re.sub(r"[\s\u00ad-]+", "", text)


def stands(words: str, sheets: list[str]) -> bool:
    """Say whether the words stand on a sheet, or begin on one and go on at the head of the next."""
    return any(words in sheet for sheet in sheets) or any(
        words[:cut] in sheet and overleaf.startswith(words[cut:])
        for sheet, overleaf in pairwise(sheets)
        for cut in range(1, len(words))
    )


def test_18_a_campaign_prints_on_two_sheets_with_addresses_demands_and_its_own(
    page: Page, origin: str, tmp_path: Path
) -> None:
    for slug in (KUKU, "free-valentin-urusov"):
        sheets, words = printed(page, f"{origin}/campaigns/{slug}/", tmp_path / "leaflet.pdf")

        assert sheets <= 2
        for demand in Campaign.objects.get(slug=slug).demands.all():
            assert plain(str(demand.text)) in words
        assert plain(f"/campaigns/{slug}/") in words
        for navigation in ("Skip to the page", "Write now", "Privacy", "Русский"):
            assert plain(navigation) not in words


def test_18_of_the_crimean_six_only_the_embassy_takes_post_and_the_paper_says_why(
    page: Page, origin: str, tmp_path: Path
) -> None:
    _sheets, words = printed(page, f"{origin}/campaigns/{KUKU}/", tmp_path / "leaflet.pdf")

    assert plain("2650 Wisconsin Ave. NW") in words
    assert plain("Post is restricted because of COVID-19") in words


def test_18_the_letter_to_print_has_the_words_of_its_preview_and_stores_nothing(
    page: Page, origin: str, tmp_path: Path
) -> None:
    page.goto(f"{origin}/campaigns/{KUKU}/print/?from=US")
    press(page, "main form[method=post] .form-actions button")
    with page.expect_download() as download:
        page.locator("button[name=pdf]").first.click()
    file = tmp_path / "letter.pdf"
    download.value.save_as(file)
    sheets = [plain(sheet.extract_text()) for sheet in PdfReader(file).pages]

    paragraphs = page.locator(".check-card .letter__exact").first.inner_text().split("\n\n")
    assert len(paragraphs) > 2
    assert [paragraph for paragraph in paragraphs if not stands(plain(paragraph), sheets)] == []
    assert not Letter.objects.exists()
