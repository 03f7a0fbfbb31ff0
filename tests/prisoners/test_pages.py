"""Pages that are the same for everyone."""

import gzip
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from prisoners.pages import KEPT_PAGES, public_page


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def view(calls: list[str]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a public page that counts how often it is made."""

    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        calls.append(request.path)
        return HttpResponse("Free Vera", status=int(request.GET.get("status", "200")))

    return view


def test_within_a_second_the_page_is_made_once(
    rf: RequestFactory, settings: Settings, view: Callable[[HttpRequest], HttpResponse], calls: list[str]
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 10

    first, second = view(rf.get("/a")), view(rf.get("/a"))

    assert calls == ["/a"]
    assert first.content == second.content == b"Free Vera"
    assert first.headers["ETag"] == second.headers["ETag"]


def test_with_no_seconds_every_request_is_answered_anew(
    rf: RequestFactory, settings: Settings, view: Callable[[HttpRequest], HttpResponse], calls: list[str]
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0

    view(rf.get("/a"))
    view(rf.get("/a"))

    assert calls == ["/a", "/a"]


def test_what_is_not_found_or_gone_is_never_kept(
    rf: RequestFactory, settings: Settings, view: Callable[[HttpRequest], HttpResponse], calls: list[str]
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 10

    responses = [view(rf.get("/a?status=410")) for _ in range(2)]

    assert len(calls) == 2
    assert all("Cache-Control" not in response.headers for response in responses)


def test_the_visitors_own_copy_is_enough_while_it_is_right(
    rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse]
) -> None:
    etag = view(rf.get("/a")).headers["ETag"]

    assert view(rf.get("/a", headers={"If-None-Match": etag})).status_code == 304
    assert view(rf.get("/a", headers={"If-None-Match": '"other"'})).status_code == 200


def test_a_page_can_only_be_read(rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse]) -> None:
    assert view(rf.post("/a")).status_code == 405


def test_made_up_addresses_do_not_fill_the_memory(
    rf: RequestFactory, settings: Settings, view: Callable[[HttpRequest], HttpResponse], calls: list[str]
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 10
    for number in range(KEPT_PAGES + 1):
        view(rf.get(f"/?{number}"))

    view(rf.get("/?0"))

    assert len(calls) == KEPT_PAGES + 2


def test_who_takes_gzip_gets_the_same_page_packed(
    rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse]
) -> None:
    plain, packed = view(rf.get("/a")), view(rf.get("/a", headers={"Accept-Encoding": "br, gzip"}))

    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, Save-Data"
