"""What every answer of the site carries, and what an anonymous one must not."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

# Organisers' pages, and forms that store something; everything else is public and the same bytes for everybody.
PERSONAL = ("accounts/", "admin/", "my-data/", "updates/subscribe/")


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield the addresses below `resolver` that need no argument."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        elif not set(address) & set("<(?*["):
            yield f"/{address}"


ADDRESSES = sorted(set(addresses(get_resolver())))
PUBLIC = [address for address in ADDRESSES if not address.lstrip("/").startswith(PERSONAL)]

pytestmark = pytest.mark.django_db


def test_addresses_are_found() -> None:
    assert {"/healthz", "/accounts/login/", "/admin/"} <= set(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers_with_the_headers_that_protect(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code < 500
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_leaves_no_cookie_and_does_not_look_at_one(client: Client, address: str) -> None:
    response = client.get(address)

    assert not response.cookies
    assert not {"Cookie", "Accept-Language"} & set(response.headers.get("Vary", "").split(", "))
