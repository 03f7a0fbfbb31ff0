"""The watch over pages sees what it is there for."""

import pytest
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browsing import Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def watched(new_context: CreateContextCallback, live_server: LiveServer) -> tuple[BrowserContext, Watch]:
    """Return a context whose misdeeds do not fail the test."""
    context = new_context()
    return context, Watch(live_server.url).over(context)


def test_an_own_page_is_clean(watched: tuple[BrowserContext, Watch], live_server: LiveServer) -> None:
    context, watch = watched
    context.new_page().goto(f"{live_server.url}/accounts/login/")

    assert (watch.foreign, watch.refused) == ([], [])


def test_a_link_to_another_origin_is_noted(watched: tuple[BrowserContext, Watch], live_server: LiveServer) -> None:
    context, watch = watched
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    other = live_server.url.replace("localhost", "127.0.0.1")
    page.evaluate("address => { location.href = address }", f"{other}/accounts/login/")
    page.wait_for_url(f"{other}/**")

    assert f"{other}/accounts/login/" in watch.foreign


def test_an_inline_style_is_noted(watched: tuple[BrowserContext, Watch], live_server: LiveServer) -> None:
    context, watch = watched
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")

    assert len(watch.refused) == 1
