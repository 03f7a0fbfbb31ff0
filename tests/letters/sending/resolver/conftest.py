"""A site that sends."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"
    settings.MAILBOX_PER_HOUR = settings.MAIL_DOMAIN_PER_HOUR = settings.FAX_PER_HOUR = 0
