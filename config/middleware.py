"""What is asked of every request and answer: charset, caches, a database that is there, language, second factor."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import has_vary_header
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

UTF_8 = {"utf-8", "utf8"}
# Lost, full, read-only or locked, in the words of both databases.
DATABASE_IS_DOWN = (OperationalError, InterfaceError, InternalError)
RETRY_AFTER_SECONDS = 120


class Utf8OnlyMiddleware:
    """Refuse a request that claims another charset than UTF-8, in which browsers send every form of ours.

    Django decodes with whatever codec of Python a request names: some bring half characters, which no page and no
    database can hold, and some are for no text at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in UTF_8:
            return HttpResponseBadRequest("Send this in UTF-8.", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class PrivateAnswersMiddleware:
    """Keep out of every cache what bears a cookie or depends on one, unless the view said otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.cookies or has_vary_header(response, "Cookie"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class DatabaseDownMiddleware:
    """Answer 503 when the database can't be reached or written: nothing was stored, and the page says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a page that asks nothing of the database."""
        if not isinstance(exception, DATABASE_IS_DOWN):
            return None
        logger.error("The database failed: %s", type(exception).__name__, exc_info=exception)
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
        return HttpResponse(render_to_string("503.html"), status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


class LanguageFromPathMiddleware:
    """Choose the page's language by the prefix of its address alone.

    Django's LocaleMiddleware looks at a cookie and at Accept-Language too and answers with `Vary: Accept-Language`,
    which would make one anonymous page many in every cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        # Not override(): a streamed export is written after this returns.
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecondFactorMiddleware:
    """Let nobody into the admin with a password alone where settings.SECOND_FACTOR says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponseBase], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Send an organiser without a second factor to where one is set up."""
        match = request.resolver_match
        in_admin = match is not None and "admin" in match.app_names and match.url_name not in {"login", "logout"}
        if not settings.SECOND_FACTOR or not in_admin or not request.user.is_authenticated:
            return None
        if is_mfa_enabled(request.user):
            return None
        messages.info(request, _("Please set up a second factor first: organisers need one on this site."))
        return redirect("mfa_activate_totp")
