"""EMAIL_URL says where the relay is and how to speak to it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from letters.sending.channels.relay import Relay, Security


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://relay.test", Security.NONE, 25),
        ("smtp://relay.test:2525", Security.NONE, 2525),
        ("smtp+tls://relay.test", Security.STARTTLS, 587),
        ("smtps://relay.test", Security.IMPLICIT, 465),
        ("smtp+ssl://relay.test:4465", Security.IMPLICIT, 4465),
    ],
)
def test_the_scheme_says_how_the_connection_is_protected(
    settings: Settings, url: str, security: Security, port: int
) -> None:
    settings.EMAIL_URL = url

    relay = Relay.from_settings()

    assert (relay.host, relay.security, relay.port) == ("relay.test", security, port)


def test_user_and_password_may_hold_any_character_and_the_password_is_not_shown(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp+tls://us%40er:p%3A%2Fss@relay.test:587"

    relay = Relay.from_settings()

    assert (relay.username, relay.password) == ("us@er", "p:/ss")
    assert "p:/ss" not in repr(relay)


def test_the_settings_say_how_long_to_wait_and_who_we_are(settings: Settings) -> None:
    settings.EMAIL_URL, settings.MAIL_DOMAIN = "smtp://relay.test", "mail.postbag.test"
    settings.SMTP_CONNECT_SECONDS, settings.SMTP_COMMAND_SECONDS = 1, 2
    settings.SMTP_DATA_SECONDS, settings.SMTP_FINAL_SECONDS = 3, 4
    settings.SMTP_MESSAGES_PER_CONNECTION = 5

    relay = Relay.from_settings()

    times = relay.timeouts
    assert (times.connect, times.command, times.data, times.final) == (1, 2, 3, 4)
    assert (relay.helo, relay.messages_per_connection) == ("mail.postbag.test", 5)


@pytest.mark.parametrize("url", ["", "relay.test", "http://relay.test", "smtp://", "consolemail://"])
def test_an_address_that_is_no_relay_is_refused(settings: Settings, url: str) -> None:
    settings.EMAIL_URL = url

    with pytest.raises(ImproperlyConfigured):
        Relay.from_settings()
