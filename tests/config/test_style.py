"""The style pages are for those who build the site, never for the public."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.style import PAGES


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_style_page_is_shown_to_developers_only(client: Client, settings: Settings, page: str) -> None:
    assert client.get(f"/style/{page}/").status_code == 404

    settings.DEBUG = True
    assert client.get(f"/style/{page}/").status_code == 200
