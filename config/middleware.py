"""The page's language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation


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
