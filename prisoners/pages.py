"""Public pages: the same bytes for everyone, so that every cache may keep them."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from hashlib import blake2b
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

P = ParamSpec("P")
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]

KEPT_SECONDS = 1.0
KEPT_PAGES = 512


@dataclass(frozen=True)
class Copy:
    """A finished page, as this process keeps it for a moment."""

    until: float
    body: bytes
    headers: dict[str, str]

    @cached_property
    def packed(self) -> bytes:
        """The page in gzip. It holds nothing secret that its length could betray (BREACH)."""
        return gzip.compress(self.body, compresslevel=6)


def public_page(view: PublicView[P]) -> PublicView[P]:
    """Make `view` answer everyone alike: with an ETag, `Cache-Control: public`, and without a cookie.

    This process keeps the whole page for at most a second, others for PUBLIC_PAGE_SECONDS (0 in tests: nobody). An
    answer other than 200, or one that says `no-store`, is passed on as it is. Who saves data gets another page than who
    does not (`saves_data`), and `Vary` tells other caches so.
    """
    copies: dict[tuple[str, bool], Copy] = {}

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        address = request.get_full_path(), saves_data(request)
        copy = copies.get(address)
        if copy is None or copy.until < time.monotonic():
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            if response.status_code != HTTPStatus.OK or "no-store" in response.get("Cache-Control", ""):
                return response
            copy = keep(copies, address, response)
        return answer(request, copy)

    return cast(PublicView[P], page)


def saves_data(request: HttpRequest) -> bool:
    """Whether the visitor's browser asks for few bytes (`Save-Data: on`, WICG Save Data API)."""
    return request.headers.get("Save-Data", "").strip().lower() == "on"


def keep(copies: dict[tuple[str, bool], Copy], address: tuple[str, bool], response: HttpResponse) -> Copy:
    """Put the page into `copies` under its address and return the copy."""
    seconds = min(KEPT_SECONDS, settings.PUBLIC_PAGE_SECONDS)
    # Weak: packed and unpacked, the page has one ETag.
    response.headers["ETag"] = f'W/"{blake2b(response.content, digest_size=16).hexdigest()}"'
    patch_cache_control(response, public=True, max_age=settings.PUBLIC_PAGE_SECONDS)
    patch_vary_headers(response, ["Accept-Encoding", "Save-Data"])
    copy = Copy(time.monotonic() + seconds, response.content, dict(response.headers))
    if seconds:
        if len(copies) >= KEPT_PAGES:
            copies.clear()
        copies[address] = copy
    return copy


def answer(request: HttpRequest, copy: Copy) -> HttpResponse:
    """Return the page, or 304 where the visitor's own copy is still right."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(copy.packed, headers={**copy.headers, "Content-Encoding": "gzip"})
    else:
        response = HttpResponse(copy.body, headers=copy.headers)
    return cast(HttpResponse, get_conditional_response(request, etag=copy.headers["ETag"], response=response))
