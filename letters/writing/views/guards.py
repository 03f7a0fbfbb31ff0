"""What the supporter's pages have in common: who may cache them, and who may post to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt

from campaigns.models import Campaign

View = Callable[..., HttpResponse]


def personal(view: View) -> View:
    """Keep the page out of every cache and search engine."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def by_token(view: View) -> View:
    """Let the token in the address be the credential of a POST, so that it works without a cookie.

    A form of another site is refused: its token would be one that its author knows.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and is_foreign(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that the request comes from a page of another site."""
    origin = request.headers.get("Origin")
    ours = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return origin is not None and origin not in ours


def published(slug: str) -> Campaign:
    """The campaign with a public page at `slug`. Raises Http404."""
    return get_object_or_404(Campaign.objects.published(), slug=slug)
