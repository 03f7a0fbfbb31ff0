"""Acceptance tests 1, 2, 4, 5, 6 and 14: a supporter on a phone without scripts, to the links of a letter."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, CampaignState
from letters.models import Delivery, Letter
from tests import factories
from tests.letters.writing.supporter import ANSWERS, mailed_links, written
from tests.workers import StartWorker

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

SEEDS = Path(__file__).parents[3] / "campaigns" / "files" / "seeds"
WORDS = (
    "I teach history in Leeds, and half of my pupils have family who once had to leave their homes. "
    "I read about these six fathers with them, and they asked me why nobody stops it. I ask you to stop it."
)


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return a small phone without scripts."""
    return {**browser_context_args, "java_script_enabled": False, "viewport": {"width": 360, "height": 640}}


@pytest.fixture
def crimea_six(live_server: LiveServer) -> str:
    """Return the address of the campaign's page."""
    for name in ("missions-russia", "crimea-six-ua-126-19"):
        call_command("load_campaign", str(SEEDS / f"{name}.yaml"), verbosity=0)
    return f"{live_server.url}/campaigns/crimea-six-ua-126-19/"


def captured() -> list[Delivery]:
    return list(Delivery.objects.filter(state="captured").order_by("pk"))


def wait_for(number: int) -> list[Delivery]:
    """Wait until the worker has kept so many deliveries."""
    deadline = time.monotonic() + 30
    while len(captured()) < number and time.monotonic() < deadline:
        time.sleep(0.1)
    return captured()


def write(page: Page) -> list[str]:
    """Fill in page 1 and return the exact texts that the check page shows."""
    page.get_by_label("Why are you writing?").fill(WORDS)
    page.get_by_label("Full name").fill("Ada Example")
    page.get_by_label("Email").fill("ada@supporter.test")
    page.get_by_role("button", name="Check my letters").last.click()
    return page.locator(".letter__exact").all_text_contents()


def test_01_02_04_two_letters_leave_with_their_own_salutations_exactly_as_they_were_shown(
    page: Page, live_server: LiveServer, crimea_six: str, worker: StartWorker
) -> None:
    worker()
    began = time.monotonic()
    page.goto(crimea_six)
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    page.get_by_role("link", name="Write now").first.click()
    page.get_by_label("Country").select_option("US")
    page.get_by_role("button", name="Continue").click()
    shown = write(page)
    page.get_by_role("button", name="Email me the link to send 2 letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    expect(page.locator(".big-address")).to_have_text("ada@supporter.test")
    assert time.monotonic() - began < 60
    # Where from, the letter, the check page; the fourth is "Check your email".
    assert len(opened) == 4

    assert [mail.purpose for mail in wait_for(1)] == ["confirm"]
    (link,) = mailed_links()
    for _number in range(5):
        page.goto(live_server.url + link)
    assert Letter.objects.get().state == "pending"
    page.get_by_role("button", name="Send my 2 letters").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("letters")

    texts = [delivery.text for delivery in wait_for(3) if delivery.role == "primary"]
    assert texts == shown
    assert [re.findall("Dear .*", text) for text in texts] == [
        ["Dear Chief Military Prosecutor,"],
        ["Dear Ambassador,"],
    ]
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of your letters")
    expect(page.locator(".deliveries .tag")).to_have_text(["Kept here", "Kept here"])


def test_06_a_mistake_loses_nothing_and_leads_to_the_field(page: Page, crimea_six: str) -> None:
    page.goto(f"{crimea_six}write/?from=US")
    page.get_by_label("Why are you writing?").fill(WORDS)
    page.get_by_label("Email").fill("ada@")
    page.get_by_label("Ambassador").uncheck()
    page.get_by_role("button", name="Check my letters").last.click()

    assert page.title().startswith("Error: ")
    summary = page.locator(".error-summary")
    box, heading = summary.bounding_box(), page.get_by_role("heading", level=1).bounding_box()
    assert box
    assert heading
    assert box["y"] < heading["y"]
    summary.get_by_role("link", name="Enter your name").click()
    expect(page.get_by_label("Full name")).to_be_focused()
    expect(page.get_by_label("Why are you writing?")).to_have_value(WORDS)
    expect(page.get_by_label("Email")).to_have_value("ada@")
    expect(page.get_by_label("Ambassador")).not_to_be_checked()


@pytest.fixture
def small(transactional_db: None) -> Campaign:
    """One office by email, and a text for it."""
    campaign = factories.make_campaign(factories.make_office(name={"en": "Chief Prosecutor"}), slug="free-vera")
    factories.make_model_letter(campaign, key="model")
    return campaign


def test_05_a_late_a_used_and_a_tampered_link_say_what_to_do_and_tell_nothing(
    page: Page, live_server: LiveServer, small: Campaign
) -> None:
    written(small)
    (link,) = mailed_links()
    token = link.split("/")[2]

    def told(address: str, title: str, way_on: str) -> None:
        page.goto(live_server.url + address)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.get_by_role("main").get_by_role("link", name=way_on)).to_be_visible()
        for secret in (*ANSWERS.values(), "I urge you"):
            assert secret not in page.content()

    told(link.replace(token, f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"), "This link does not work", "campaigns")
    page.goto(live_server.url + link)
    page.get_by_role("button", name="Send my letter").click()
    told(link, "1 letter is on its way", "Tell us, and it counts")
    Letter.objects.update(state="pending", confirmed_at=None, confirmed_on=None, expires_at="2001-01-01T00:00Z")
    told(link, "This link is over", "Write again")


def test_14_a_campaign_that_closes_midway_sends_nothing_and_gives_the_letter_back(
    page: Page, live_server: LiveServer, small: Campaign
) -> None:
    page.goto(f"{live_server.url}/campaigns/free-vera/write/?from=US")
    shown = write(page)
    small.state = CampaignState.STOPPED
    small.save()
    page.get_by_role("button", name="Email me the link to send").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This campaign takes no letters now")
    assert page.locator("pre").all_text_contents() == shown
    with page.expect_download() as download:
        page.get_by_role("button", name="As PDF: Chief Prosecutor").click()
    assert "I teach history in Leeds" in PdfReader(download.value.path()).pages[0].extract_text()
    assert not Letter.objects.exists()
    assert not Delivery.objects.exists()


def test_nothing_typed_is_lost_by_back_a_missing_cookie_or_a_spent_allowance(
    page: Page, live_server: LiveServer, small: Campaign, settings: Settings
) -> None:
    page.goto(f"{live_server.url}/campaigns/free-vera/write/?from=US")
    write(page)
    page.go_back()
    expect(page.get_by_label("Why are you writing?")).to_have_value(WORDS)
    page.get_by_label("Town").fill("Leeds")
    page.get_by_role("button", name="Update the preview").click()
    expect(page.locator("#preview mark")).to_have_text(WORDS)
    expect(page.get_by_label("Town")).to_have_value("Leeds")

    page.context.clear_cookies()
    page.get_by_role("button", name="Check my letters").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("a cookie is missing")
    expect(page.locator("pre").first).to_have_text(WORDS)

    page.goto(f"{live_server.url}/campaigns/free-vera/write/?from=US")
    shown = write(page)
    settings.NETWORK_ALLOWANCE = 0
    page.get_by_role("button", name="Email me the link to send").click()
    expect(page.get_by_role("status")).to_contain_text("Many letters come from your network")
    assert page.locator(".letter__exact").all_text_contents() == shown
