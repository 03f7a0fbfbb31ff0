"""What the template of every page knows besides its view's context."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from campaigns.models import SiteIdentity


def page(request: HttpRequest) -> dict[str, Any]:
    """Give every template `identity` (who runs the site), `site_url`, `capture_mode` (nothing leaves) and links."""
    return {
        "identity": SimpleLazyObject(SiteIdentity.current),
        "site_url": settings.SITE_URL,
        "capture_mode": settings.DELIVERY_MODE == "capture",
        "language_links": partial(language_links, request),
    }


def language_links(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Yield this page in each language of the site: `code`, `name` in that language, `dir`, `url`, `current`."""
    for code, _name in settings.LANGUAGES:
        info = get_language_info(code)
        yield {
            "code": code,
            "name": info["name_local"].capitalize(),
            "dir": "rtl" if info["bidi"] else "ltr",
            "url": translate_url(request.get_full_path(), code),
            "current": code == get_language(),
        }
