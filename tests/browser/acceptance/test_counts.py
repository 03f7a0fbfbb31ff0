"""Acceptance test 20: what a campaign's page says of those who wrote."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Campaign
from letters.models import ReportedAction
from tests.factories import make_campaign, make_letter, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Way = ReportedAction.Way
COUNTRIES = {"GB": 9, "DE": 6, "FR": 4, "SE": 1}
NAMES = {"GB": "United Kingdom", "DE": "Germany", "FR": "France", "SE": "Sweden"}


def people_wrote(campaign: Campaign) -> None:
    """Let so many people from each of COUNTRIES have written, and six tell of a letter that they posted."""
    now = timezone.now()
    when = {"state": "confirmed", "confirmed_at": now, "confirmed_on": timezone.localdate(now)}
    for country, number in COUNTRIES.items():
        for each in range(number):
            make_letter(campaign, country=country, person_key=f"{country}-{each}", **when)
    office = campaign.targets.get()
    for number in range(6):
        ReportedAction.objects.create(
            campaign=campaign, office=office, way=Way.POST, done_on=now, country="GB", form_key=f"report-{number}"
        )


def test_20_no_country_of_fewer_than_five_is_named_and_what_we_sent_and_what_is_reported_stay_two_numbers(
    page: Page, live_server: LiveServer, settings: Settings
) -> None:
    settings.TALLY_MINIMUM = 5
    people_wrote(make_campaign(make_office(), slug="free-vera"))

    page.goto(f"{live_server.url}/campaigns/free-vera/")
    table = page.locator("#tally table")
    rows = dict(
        zip(table.locator("th[scope=row]").all_inner_texts(), table.locator("td.number").all_inner_texts(), strict=True)
    )

    named = {NAMES[country]: str(number) for country, number in COUNTRIES.items() if number >= 5}
    hidden = sum(number for number in COUNTRIES.values() if number < 5)
    assert rows == {**named, "Other countries together": str(hidden)}
    numbers = page.locator("#tally .tally > div")
    expect(numbers).to_have_count(2)
    expect(numbers.nth(0)).to_contain_text("20")
    expect(numbers.nth(0)).to_contain_text("people wrote")
    expect(numbers.nth(1)).to_contain_text("6")
    expect(numbers.nth(1)).to_contain_text("reported by supporters")
