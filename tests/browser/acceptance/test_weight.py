"""Acceptance test 10, and what else a cheap phone feels: bytes, cookies and jumps, from a site as in production.

The web server is a process of its own with DEBUG off, hashed and packed static files, and no proxy in front.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.browser import world
from tests.browser.tour import PAGES, WITH_FORMS
from tests.conftest import test_database_address as database_address
from tests.servers import free_port

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parents[3]
START_SECONDS = 60
KB = 1024
CAMPAIGN, LETTER = PAGES["campaign"], f"{PAGES['letter-where']}?from=US"
# The largest score that Core Web Vitals calls good is 0.1.
LARGEST_SHIFT = 0.05
JUMPS = """() => { window.jumps = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.jumps += entry.value
}).observe({type: "layout-shift", buffered: true}) }"""
# What must be seen as a jump, so that none elsewhere means something.
PUSH = """() => new Promise(seen => {
  scrollTo(0, 0)
  document.body.prepend(document.createElement("h1"))
  document.body.firstChild.style.blockSize = "300px"
  new PerformanceObserver(() => seen()).observe({type: "layout-shift"})
})"""
MAIN = ("home", "campaign", "campaign-won", "person-released", "people", "events", "letter-where", "embed")


@pytest.fixture
def site_origin(tmp_path: Path) -> Iterator[str]:
    """Return the address of a site with everything on it, run as in production."""
    world.fill()
    port = free_port()
    env = {
        **os.environ,
        "DEBUG": "off",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": database_address(),
        "PUBLIC_PAGE_SECONDS": "10",
        "PERSONAL_DATA_KEYS": Fernet.generate_key().decode(),
        **{name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "COUNTING_KEY", "TOKEN_KEY")},
    }
    (tmp_path / "media").symlink_to(settings.MEDIA_ROOT)
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0", "--ignore=admin"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "config.wsgi:application"]
    process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command], cwd=ROOT, env=env)
    wait_for(port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


def wait_for(port: int) -> None:
    """Wait until something listens at `port`."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the web server did not start"
            time.sleep(0.1)
        else:
            return


class Visit:
    """A first visit to one page, with an empty cache, on a screen of 360 pixels."""

    def __init__(self, browser: Browser, address: str, **headers: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 360, "height": 640}, device_scale_factor=2, extra_http_headers=headers
        )
        self.page: Page = self.context.new_page()
        self.kinds: dict[str, str] = {}
        self.bytes: dict[str, float] = {}
        self.total = 0.0
        self.photos: list[str] = []
        devtools: CDPSession = self.context.new_cdp_session(self.page)
        devtools.on("Network.responseReceived", self.note)
        devtools.on("Network.dataReceived", self.count)
        devtools.on("Network.loadingFinished", self.add)
        devtools.send("Network.enable")
        self.page.add_init_script(f"({JUMPS})()")
        self.page.goto(address, wait_until="networkidle")
        self.page.mouse.wheel(0, 20_000)  # what is lazy comes too
        self.page.wait_for_load_state("networkidle")

    def note(self, event: dict[str, Any]) -> None:
        """Remember what kind of file an answer is."""
        self.kinds[event["requestId"]] = event["type"]
        if "/photos/" in event["response"]["url"]:
            self.photos.append(event["response"]["url"])

    def count(self, event: dict[str, Any]) -> None:
        """Count the bytes of a kind of file, packed as they came."""
        kind = self.kinds.get(event["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + event["encodedDataLength"]

    def add(self, event: dict[str, Any]) -> None:
        """Add all bytes of an answer that is complete, with its headers. Of the page itself, no others are told."""
        self.total += event["encodedDataLength"]
        if self.kinds.get(event["requestId"]) == "Document":
            self.bytes["Document"] = event["encodedDataLength"]

    @property
    def jumps(self) -> float:
        """How far things moved under the reader's eyes: the sum of all layout shifts."""
        return float(self.page.evaluate("window.jumps"))


def test_10_a_first_visit_is_light_jumps_nowhere_and_leaves_no_cookie(browser: Browser, site_origin: str) -> None:
    campaign, letter = (Visit(browser, f"{site_origin}{path}") for path in (CAMPAIGN, LETTER))
    heaviest = Visit(browser, f"{site_origin}{PAGES['person-released']}")
    saving = Visit(browser, f"{site_origin}{PAGES['person-released']}", **{"Save-Data": "on"})

    assert campaign.total <= 180 * KB, campaign.bytes
    assert letter.total <= 120 * KB, letter.bytes
    assert heaviest.total <= 180 * KB, heaviest.bytes
    for visit in (campaign, letter, heaviest):
        assert visit.bytes.get("Script", 0) <= 20 * KB
        assert visit.bytes["Stylesheet"] <= 18 * KB, visit.bytes
        assert "Font" not in visit.bytes
        assert visit.page.locator("link[rel=stylesheet]").count() == 1
    for visit in (campaign, heaviest):
        assert KB < visit.bytes["Document"] <= 20 * KB, visit.bytes
    assert len(heaviest.photos) == 1
    assert saving.photos == []
    assert [cookie["name"] for cookie in campaign.context.cookies()] == []
    assert_again_costs_nothing(campaign, f"{site_origin}{CAMPAIGN}")
    visits = {name: Visit(browser, f"{site_origin}{PAGES[name]}") for name in MAIN}
    assert {name: visit.jumps for name, visit in visits.items() if visit.jumps > LARGEST_SHIFT} == {}
    assert visits["embed"].total <= 40 * KB, visits["embed"].bytes
    heaviest.page.evaluate(PUSH)
    assert heaviest.jumps > LARGEST_SHIFT


def assert_again_costs_nothing(visit: Visit, address: str) -> None:
    """Ask again with the ETag, as a browser does once its copy is old."""
    first = visit.context.request.get(address)
    again = visit.context.request.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["content-encoding"] == "gzip"
    assert again.status == 304
    assert again.body() == b""


def test_10_no_page_before_a_form_sets_a_cookie(browser: Browser, site_origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, path in PAGES.items():
        if name not in WITH_FORMS:
            page.goto(f"{site_origin}{path}")
            assert page.locator("h1").count() == 1, name

    assert context.cookies() == []
