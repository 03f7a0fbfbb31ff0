"""A supporter on a phone without scripts, from the page of UA 126.19 to letters that a worker took."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from letters.models import Delivery, Letter
from tests.letters.writing.supporter import mailed_links
from tests.workers import StartWorker

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

SEEDS = Path(__file__).parents[2] / "campaigns" / "files" / "seeds"
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
    page.get_by_role("button", name="Check my letters").click()
    return page.locator(".letter__exact").all_text_contents()


def test_two_letters_leave_with_their_own_salutations_exactly_as_they_were_shown(
    page: Page, live_server: LiveServer, crimea_six: str, worker: StartWorker
) -> None:
    worker()
    began = time.monotonic()
    page.goto(crimea_six)
    page.get_by_role("link", name="Write now").first.click()
    page.get_by_label("Country").select_option("US")
    page.get_by_role("button", name="Continue").click()
    shown = write(page)
    page.get_by_role("button", name="Email me the link to send 2 letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    expect(page.locator(".big-address")).to_have_text("ada@supporter.test")
    assert time.monotonic() - began < 60

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
    expect(page.locator(".deliveries .tag")).to_have_text(["Captured", "Captured"])


def test_a_mistake_loses_nothing_and_leads_to_the_field(page: Page, crimea_six: str) -> None:
    page.goto(f"{crimea_six}write/?from=US")
    page.get_by_label("Why are you writing?").fill(WORDS)
    page.get_by_label("Email").fill("ada@")
    page.get_by_label("Ambassador").uncheck()
    page.get_by_role("button", name="Check my letters").click()

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
