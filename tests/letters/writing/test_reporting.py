"""What supporters did elsewhere and tell us."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import ReportedAction
from tests.letters.writing.supporter import Supporter

pytestmark = pytest.mark.django_db

ADDRESS = "/campaigns/free-vera/report/"


def test_a_call_is_reported_without_a_name_and_counted_apart(campaign: Campaign, supporter: Supporter) -> None:
    office = campaign.targets.all()[0]
    supporter.open(f"{ADDRESS}?way=phone&office={office.key}&from=GB")
    supporter.submit(number="3", note="They listened.")

    action = ReportedAction.objects.get()
    assert "reported by supporters" in supporter.text
    assert (action.way, action.office, action.number, str(action.country)) == ("phone", office, 3, "GB")
    assert (action.state, action.known_by, action.note) == ("counted", "form", "They listened.")
    assert action.done_on == timezone.localdate()


def test_the_same_form_twice_counts_once(campaign: Campaign, supporter: Supporter) -> None:
    page = supporter.open(f"{ADDRESS}?way=post")
    supporter.submit()
    supporter.page = page
    supporter.submit()

    assert "Already counted" in supporter.text
    assert ReportedAction.objects.count() == 1


def test_a_large_number_waits_for_a_moderator(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open(f"{ADDRESS}?way=post")
    supporter.submit(number="500")
    assert ReportedAction.objects.get().state == "waiting"
    assert "somebody looks at it" in supporter.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("way", "bribe"),
        ("way", None),
        ("office", "victim"),
        ("done_on", "2199-01-01"),
        ("done_on", "2001-01-01"),
        ("done_on", "yesterday"),
        ("number", "0"),
        ("number", "1e9"),
        ("country", "XX"),
        ("note", "odd \x00"),
    ],
)
def test_a_report_that_can_not_be_is_an_error_that_keeps_what_was_typed(
    campaign: Campaign, supporter: Supporter, field: str, value: str | None
) -> None:
    supporter.open(f"{ADDRESS}?way=post")
    page = supporter.submit(**{"note": "Kept words", field: value})

    assert page.status_code == 400
    assert "<title>Error:" in page.content.decode()
    assert not ReportedAction.objects.exists()
    assert field == "note" or "Kept words" in page.content.decode()


@pytest.mark.parametrize(("days", "taken"), [(14, True), (15, False)])
def test_reports_are_taken_for_two_weeks_after_the_end(
    campaign: Campaign, supporter: Supporter, days: int, *, taken: bool
) -> None:
    campaign.closes_on = timezone.localdate() - dt.timedelta(days=days)
    campaign.save()
    supporter.open(f"{ADDRESS}?way=post")
    assert ("takes no more reports" not in supporter.text) is taken


def test_a_network_that_reports_without_end_is_stopped(
    campaign: Campaign, supporter: Supporter, settings: object
) -> None:
    settings.NETWORK_ALLOWANCE = 4  # type: ignore[attr-defined]  # pytest-django's settings
    for _number in range(3):
        supporter.open(f"{ADDRESS}?way=post")
        page = supporter.submit(note="Kept words")

    assert page.status_code == 429
    assert "Kept words" in page.content.decode()
    assert ReportedAction.objects.count() == 2
