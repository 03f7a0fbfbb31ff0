"""Organisers sign in with email, password and, where the site asks for it, a second factor."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture
def organiser() -> User:
    user = User.objects.create_superuser("organiser", "organiser@postbag.test", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client: Client, password: str, address: str = "192.0.2.1") -> int:
    """Post the login form from `address` and return the status: 302 is in."""
    form = {"login": "organiser@postbag.test", "password": password}
    return client.post("/accounts/login/", form, REMOTE_ADDR=address).status_code


def test_nobody_signs_up(client: Client) -> None:
    form = {"email": "someone@supporter.test", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", form)

    assert not User.objects.exists()


def test_the_admin_sends_to_the_one_login_page(client: Client) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_signing_in_changes_the_session_key(client: Client, organiser: User) -> None:
    client.get("/accounts/login/")
    before = client.session.session_key

    assert sign_in(client, PASSWORD) == 302
    assert client.session.session_key != before


def test_guesses_are_limited_without_locking_out_the_owner(client: Client, organiser: User) -> None:
    statuses = {sign_in(Client(), f"wrong {n}") for n in range(30)}

    assert 302 not in statuses
    assert sign_in(Client(), PASSWORD) != 302, "the guesser's network is blocked, right password or not"
    assert sign_in(Client(), PASSWORD, address="192.0.2.2") == 302


def test_the_admin_opens_only_with_a_second_factor(client: Client, organiser: User, settings: Settings) -> None:
    settings.SECOND_FACTOR = True
    client.force_login(organiser)
    without = client.get("/admin/")
    Authenticator.objects.create(user=organiser, type=Authenticator.Type.TOTP, data={"secret": "made up"})

    assert without.headers["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/admin/").status_code == 200
