"""The page's language, and the second factor of organisers."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _


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
