"""Organisers sign in through allauth, never through the admin's own page."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_organiser_signs_in_and_reaches_the_desk(page: Page, live_server: LiveServer) -> None:
    User.objects.create_superuser("organiser", "organiser@postbag.test", "a long enough password")

    page.goto(f"{live_server.url}/admin/")
    page.locator("[name=login]").fill("organiser@postbag.test")
    page.locator("[name=password]").fill("a long enough password")
    page.locator("button[type=submit], input[type=submit]").first.click()

    expect(page).to_have_url(f"{live_server.url}/admin/")
    expect(page.locator("#user-tools")).to_contain_text("organiser")
