"""The page's language is in its address and nowhere else."""

import pytest
from django.test import Client
from django.utils import translation
from django_countries import countries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [("/accounts/login/", "en", "ltr"), ("/ru/accounts/login/", "ru", "ltr"), ("/ar/accounts/login/", "ar", "rtl")],
)
def test_the_address_decides(client: Client, path: str, language: str, direction: str) -> None:
    response = client.get(path)

    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="{direction}">' in response.text


def test_neither_browser_nor_cookie_decides(client: Client) -> None:
    client.cookies["django_language"] = "ru"
    response = client.get("/accounts/login/", headers={"Accept-Language": "ar"})

    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_the_default_language_has_one_address_only(client: Client) -> None:
    assert client.get("/en/accounts/login/").status_code == 404


@pytest.mark.parametrize(("language", "first"), [("en", "Afghanistan"), ("ru", "Австралия"), ("ar", "آروبا")])
def test_countries_stand_in_the_order_of_the_pages_alphabet(language: str, first: str) -> None:
    with translation.override(language):
        names = [country.name for country in countries]

    assert names[0] == first
    assert language != "ru" or names.index("Чад") > names.index("Россия")
