"""Acceptance tests 7, 12 and 13: writing with scripts and a keyboard, and when the server or the network fails."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign, Channel
from letters.counting.tallies import Scope, own_words_share
from letters.models import Letter
from tests import factories
from tests.letters.writing.supporter import ANSWERS, mailed_links

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "I teach history in Leeds, and my pupils ask about her."
LOST = "No connection. Your letter is still here."
WHAT_HAS_FOCUS = """() => {
  const e = document.activeElement, r = e.getBoundingClientRect(), ring = e.closest(".office") ?? e;
  const at = document.elementFromPoint(r.x + r.width / 2, Math.min(Math.max(r.y + r.height / 2, 0), innerHeight - 1));
  return {
    name: e.name || e.textContent.trim(), value: e.value ?? "", tag: e.tagName,
    ring: getComputedStyle(ring).outlineWidth === "3px",
    covered: !(at && (e.contains(at) || at.contains(e) || ring.contains(at))),
  };
}"""


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    """Two offices, by email and by fax, and a text for both."""
    offices = [
        factories.make_office(name={"en": "Chief Prosecutor"}, salutation={"en": "Dear Chief Prosecutor,"}),
        factories.make_office(Channel.FAX, name={"en": "Ambassador"}, salutation={"en": "Dear Ambassador,"}),
    ]
    campaign = factories.make_campaign(*offices, slug="free-vera")
    factories.make_model_letter(campaign, key="model")
    return campaign


def press_until(page: Page, name: str, *, value: str = "") -> None:
    """Press Tab until the focus is on what is called `name`; each stop on the way is seen and not covered."""
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHAT_HAS_FOCUS)
        if stop["tag"] == "BODY":
            continue
        assert (stop["ring"], stop["covered"]) == (True, False), stop
        if name in stop["name"] and value in stop["value"]:
            return
    pytest.fail(f"no {name} within 80 stops")


def test_07_a_letter_is_sent_from_the_home_page_with_the_keyboard_alone(
    page: Page, live_server: LiveServer, campaign: Campaign
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(live_server.url)
    for name in ("Free Vera Example", "Write now"):
        press_until(page, name)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    press_until(page, "from")
    page.keyboard.type("United States of")
    press_until(page, "Continue")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for name, text in {**ANSWERS, "own_words": WORDS}.items():
        press_until(page, name)
        page.keyboard.type(text)
    # Enter in a field is the button below the form.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what will be sent")
    press_until(page, "step", value="send")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    page.goto(f"{live_server.url}{mailed_links()[0]}")
    press_until(page, "Send my 2 letters")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("2 letters are on their way")


def test_12_a_preview_that_fails_is_announced_and_costs_no_word(
    page: Page, live_server: LiveServer, campaign: Campaign
) -> None:
    page.goto(f"{live_server.url}/campaigns/free-vera/write/?from=US")
    said, words = page.locator("#preview-said"), page.locator("[name=own_words]")
    expect(said).to_have_attribute("role", "status")
    words.fill(WORDS)
    expect(page.locator("#preview mark")).to_have_text([WORDS, WORDS])
    expect(said).to_have_text("2 letters, as they would be sent.")

    page.route("**/preview/**", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    words.fill(f"{WORDS} And so do I.")
    expect(said).to_have_text(LOST)
    expect(words).to_have_value(f"{WORDS} And so do I.")
    expect(page.locator("#preview mark").first).to_have_text(WORDS)
    page.unroute("**/preview/**")

    page.context.set_offline(True)
    page.fill("[name=name]", "Ada Example")
    expect(said).to_have_text(LOST)
    page.locator(".form-actions button[value=check]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter")
    expect(words).to_have_value(f"{WORDS} And so do I.")
    page.context.set_offline(False)
    page.get_by_label("Chief Prosecutor").uncheck()
    expect(said).to_have_text("1 letter, as it would be sent.")
    expect(page.locator("#preview mark")).to_have_text([f"{WORDS} And so do I."])


def test_13_an_unchanged_letter_is_advised_on_once_and_sent_and_the_share_of_own_words_follows(
    page: Page, live_server: LiveServer, campaign: Campaign
) -> None:
    advice = page.get_by_text("This is the model letter unchanged. A sentence of your own makes it harder to ignore.")

    def check(**typed: str) -> None:
        page.goto(f"{live_server.url}/campaigns/free-vera/write/?from=US")
        page.get_by_text("Read or edit the whole letter").click()
        for name, text in {"name": "Ada Example", **typed}.items():
            page.fill(f"[name={name}]", text)
        page.locator(".form-actions button[value=check]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check what will be sent")

    def send() -> None:
        page.locator("button[value=send]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
        page.goto(f"{live_server.url}{mailed_links()[-1]}")
        page.locator("main form button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("2 letters are on their way")

    check(email="ada@supporter.test")
    expect(advice).to_have_count(1)
    send()
    assert own_words_share(Scope([campaign.pk])) == 0

    check(email="bo@supporter.test")
    page.get_by_role("button", name="Add a sentence").click()
    page.fill("[name=own_words]", WORDS)
    page.locator(".form-actions button[value=check]").click()
    expect(page.locator("mark").first).to_have_text(WORDS)
    expect(advice).to_have_count(0)
    send()
    check(email="cy@supporter.test", body_model="Let her go home.")
    expect(advice).to_have_count(0)
    send()
    assert own_words_share(Scope([campaign.pk])) == pytest.approx(2 / 3)
    assert Letter.objects.count() == 3
