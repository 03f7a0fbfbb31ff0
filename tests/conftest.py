"""What every test can ask for."""

import os

import pytest

os.environ.update(DEBUG="on", ENV_FILE=os.devnull, DJANGO_SETTINGS_MODULE="config.settings")


@pytest.fixture
def anyone() -> str:
    """Return an address that can never be delivered (RFC 2606)."""
    return "someone@supporter.test"
