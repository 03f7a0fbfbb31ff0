"""A walk through every page type and each of its states: acceptance tests look at them, the gallery pictures them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

from letters import tokens
from letters.models import Letter
from tests.browser.world import KUKU
from tests.letters.subscribing.conftest import links as links_to_subscribe
from tests.letters.writing.supporter import ANSWERS, mailed_links

OPEN_LETTER = "/campaigns/open-letter-of-11-prisoners"
CARDS = f"/campaigns/{KUKU}"
# Name of the page and its state -> address.
PAGES = {
    "home": "/",
    "home-filtered": "/?country=RU",
    "home-nothing": "/?q=zzz",
    "past": "/past/",
    "theme": "/themes/trade-unions/",
    "people": "/prisoners/",
    "people-nothing": "/prisoners/?q=zzz",
    "person": "/prisoners/emir-usein-kuku/",
    "person-author": "/prisoners/boris-kagarlitsky/",
    "person-long-name": "/prisoners/long-name/",
    "person-moved": "/prisoners/moved/",
    "person-released": "/prisoners/olha-example/",
    "person-died": "/prisoners/dead/",
    "embassies": "/missions/",
    "embassies-found": "/missions/?of=RU&near=US",
    "embassies-none": "/missions/?of=RU&near=DE",
    "events": "/events/",
    "updates": "/updates/",
    "about": "/about/",
    "help": "/help/",
    "privacy": "/privacy/",
    "safety": "/safety/",
    "not-found": "/nothing/",
    "embed": f"/embed/{KUKU}/",
    "embed-won": "/embed/won/",
    "campaign": f"{CARDS}/",
    "campaign-post-only": "/campaigns/free-valentin-urusov/",
    "campaign-no-address": "/campaigns/defend-glodeni-sugar-mill-workers/",
    "campaign-answer": "/campaigns/tikkurila-is-lying/",
    "campaign-appeal": "/campaigns/free-ainur-kurmanov/",
    "campaign-solidarity": "/campaigns/may-6th-affair/",
    "campaign-open-letter": f"{OPEN_LETTER}/",
    "campaign-long-name": "/campaigns/long-name/",
    "campaign-won": "/campaigns/won/",
    "campaign-ended": "/campaigns/ended/",
    "campaign-paused": "/campaigns/paused/",
    "campaign-stopped": "/campaigns/stopped/",
    "campaign-continued": "/campaigns/continued/",
    "campaign-expired": "/campaigns/expired/",
    "campaign-withdrawn": "/campaigns/withdrawn/",
    "sign": f"{OPEN_LETTER}/sign/",
    "sign-organisation": f"{OPEN_LETTER}/sign/?as=organisation",
    "signatories": f"{OPEN_LETTER}/signatories/",
    "bulletin": f"{CARDS}/bulletin/",
    "resolution": f"{CARDS}/resolution/",
    "card-to-prisoner": "/prisoners/long-name/card/",
    "letter-where": f"{CARDS}/write/",
    "letter-at-risk": f"{CARDS}/write/?from=RU",
    "letter-closed": "/campaigns/won/write/",
    "letter-print": f"{CARDS}/print/?from=US",
    "letter-own-mailbox": f"{CARDS}/own-mailbox/?from=US",
    "letter-web-form": "/campaigns/long-name/web-form/?from=US",
    "letter-call": f"{CARDS}/call/?from=US",
    "letter-social": f"{CARDS}/social/?from=US",
    "letter-visit": f"{CARDS}/visit/?from=US",
    "letter-by-hand": "/campaigns/free-ainur-kurmanov/by-hand/",
    "letter-report": f"{CARDS}/report/",
    "letter-my-data": "/my-data/",
    "letter-event": f"{CARDS}/events/add/",
    "letter-wrong-link": "/letters/wrong/confirm/",
}
# Pages that touch a form or a session; all others are the same for everyone and set no cookie.
WITH_FORMS = {name for name in PAGES if name.startswith(("letter-", "sign", "card-", "bulletin", "resolution"))}


def walk(page: Page, base: str) -> Iterator[str]:
    """Open every page in turn, `base` being the site's address in one language, and yield its name."""
    for name, path in PAGES.items():
        page.goto(f"{base}{path}")
        yield name
    yield from write(page, base)
    yield from subscribe(page, base)


def subscribe(page: Page, base: str) -> Iterator[str]:
    """Ask for news by mail, confirm it, and end it."""
    page.goto(f"{base}/updates/subscribe/")
    yield "subscribe"
    press(page, "main form .button[type=submit]")
    yield "subscribe-errors"
    page.locator("[name=topics]").first.check()
    # An address of its own: a mailbox gets one mail of ours a minute.
    page.fill("[name=email]", f"news-{urlsplit(base).path.strip('/')}@supporter.test")
    press(page, "main form .button[type=submit]")
    yield "subscribe-asked"
    page.goto(f"http://{urlsplit(base).netloc}{links_to_subscribe()[-1]}")
    yield "subscribe-confirm"
    press(page, "main form .button[type=submit]")
    yield "subscribe-manage"
    press(page, ".button--danger")
    yield "subscribe-ended"


def write(page: Page, base: str) -> Iterator[str]:
    """Go a supporter's way from an empty form to the status of a letter and its erasure."""
    page.goto(f"{base}{CARDS}/write/?from=US")
    yield "letter"
    press(page, "button[value=check]:not([aria-hidden])")
    yield "letter-errors"
    for name, text in ANSWERS.items():
        page.fill(f"[name={name}]", text)
    press(page, "button[value=check]:not([aria-hidden])")
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
