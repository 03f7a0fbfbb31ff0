"""What cannot be saved is said in words, next to what was typed; no page of the desk breaks over it."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, ContactDetail
from prisoners.models import Case
from tests import factories
from tests.campaigns.desk.conftest import OURS
from tests.staff import make_staff

ADD_CONTACT = "admin:campaigns_contactdetail_add"
CAMPAIGN_ROWS = ["references", "organisations", "targets", "letters", "demands", "asks", "copy_addresses", "updates"]
CAMPAIGN_ROWS += ["events", "endorsements", "rebuttals", "resources", "figures"]
CASE_ROWS = ["responsible_states", "members", "charges", "timeline"]


@pytest.fixture
def organiser(client: Client, db: None) -> Client:
    client.force_login(make_staff("organiser"))
    return client


def rows(prefixes: list[str], **numbers: int) -> dict[str, Any]:
    """Return the management forms of a page, with so many new rows each."""
    total = {f"{prefix}-TOTAL_FORMS": numbers.get(prefix, 0) for prefix in prefixes}
    return {**total, **{f"{prefix}-INITIAL_FORMS": 0 for prefix in prefixes}}


def errors(response: Any) -> str:
    """Return what the page complains about."""
    assert response.status_code == 200
    forms = [response.context["adminform"].form.errors]
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms += [each for formset in formsets for each in (*formset.errors, formset.non_form_errors())]
    return re.sub(r"<[^>]+>", " ", " ".join(str(each) for each in forms))


def test_every_rule_of_the_database_that_a_page_can_break_has_words() -> None:
    wordless = [
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in OURS - {"letters"}
        for constraint in model._meta.constraints
        if not isinstance(constraint, models.UniqueConstraint) or constraint.condition is not None
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]

    assert wordless == []


def test_a_scheduled_campaign_without_an_hour_and_an_end_without_an_outcome_are_asked_for(organiser: Client) -> None:
    campaign = {"title__en": "Free her", "slug": "free-her", "kind": "appeal", "language": "en", "facts_version": 1}
    address = reverse("admin:campaigns_campaign_add")

    for state, words in (("scheduled", "needs the hour"), ("ended", "Write down the outcome")):
        response = organiser.post(address, {**campaign, "state": state, **rows(CAMPAIGN_ROWS)})

        assert words in errors(response)
        assert "Free her" in response.content.decode()
    assert not Campaign.objects.exists()


def test_an_office_that_stands_twice_in_one_form_is_named(organiser: Client) -> None:
    office = factories.make_office()
    campaign = {"title__en": "Free her", "slug": "free-her", "kind": "appeal", "language": "en", "facts_version": 1}
    twice = {
        f"targets-{row}-{name}": value
        for row, key in enumerate(["a", "b"])
        for name, value in {
            "target": office.pk, "key": key, "level": "primary", "rule": "first_working", "position": 0
        }.items()
    }  # fmt: skip

    response = organiser.post(
        reverse("admin:campaigns_campaign_add"),
        {**campaign, "state": "draft", **rows(CAMPAIGN_ROWS, targets=2), **twice},
    )

    assert "stands there twice" in errors(response)


def test_an_office_and_a_mission_at_once_are_refused(organiser: Client) -> None:
    campaign = factories.make_campaign()
    office = factories.make_office()

    response = organiser.post(
        reverse("admin:campaigns_campaigntarget_add"),
        {
            "campaign": campaign.pk,
            "target": office.pk,
            "mission_of": "RU",
            "key": "both",
            "level": "primary",
            "rule": "first_working",
            "position": 0,
        },
    )

    assert "not both and not neither" in errors(response)


def test_a_member_without_person_and_group_is_asked_for_one(organiser: Client) -> None:
    member = {"members-0-key": "x", "members-0-role": "prisoner", "members-0-position": 0}

    response = organiser.post(
        reverse("admin:prisoners_case_add"),
        {"title__en": "The case", "slug": "the-case", **rows(CASE_ROWS, members=1), **member},
    )

    assert "Choose a person or describe a group" in errors(response)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("email", " Office@Ministry.TEST ", "office@ministry.test"),
        ("fax", "+44 20 7946 0001", "+442079460001"),
        ("twitter", "@ministry", "ministry"),
    ],
)
def test_an_address_is_kept_in_one_form(channel: str, typed: str, stored: str, organiser: Client) -> None:
    contact = {"channel": channel, "value": typed, "state": "ok"}
    organiser.post(reverse(ADD_CONTACT), {**contact, **rows(["mail_events"])})

    assert ContactDetail.objects.get().value == stored


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"channel": "email", "value": "[email protected]", "state": "ok"}, "had hidden this address"),
        ({"channel": "email", "value": "", "state": "ok"}, "Give the address"),
        ({"channel": "fax", "value": "12345", "state": "ok"}, "country code"),
        ({"channel": "post", "value": "x", "state": "ok", "route": "office"}, "Name the other office"),
        ({"channel": "email", "value": "there@ministry.test", "state": "ok"}, "in the directory already"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(
    sent: dict[str, str], words: str, organiser: Client
) -> None:
    factories.make_contact("email", "there@ministry.test")

    assert words in errors(organiser.post(reverse(ADD_CONTACT), sent))


def test_addresses_are_marked_from_the_list_with_a_line_in_their_history(organiser: Client) -> None:
    contact = factories.make_contact("email", state="unverified")

    organiser.post(
        reverse("admin:campaigns_contactdetail_changelist"),
        {"action": "mark_checked", "_selected_action": [contact.pk]},
    )

    contact.refresh_from_db()
    assert (contact.state, bool(contact.checked_on)) == ("ok", True)
    assert (
        "state" in organiser.get(reverse("admin:campaigns_contactdetail_history", args=[contact.pk])).content.decode()
    )
