"""Until the supporter's pages are there: their addresses, for the links in our mail."""

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.urls import NoReverseMatch, clear_url_caches, include, path, reverse
from pytest_django import Settings

pages = [path("letters/<str:token>/confirm/", HttpResponse, name="confirm")]
urlpatterns = i18n_patterns(path("", include((pages, "letters"))), prefix_default_language=False)


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    try:
        reverse("letters:confirm", args=["token"])
    except NoReverseMatch:
        settings.ROOT_URLCONF = __name__
        clear_url_caches()
