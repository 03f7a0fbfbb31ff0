"""What a campaign's page warns of."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.desk.readiness import problems
from campaigns.models import Campaign
from prisoners.models import PersonName
from tests import factories
from tests.staff import make_staff


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Make a campaign without problems."""
    today = timezone.localdate()
    person = factories.make_person("Muslim Aliev")
    PersonName.objects.create(person=person, text="Muslim Aliyev")
    factories.make_prison_address(person, checked_on=today)
    office = factories.make_office(languages=["en", "ru"])
    made = factories.make_campaign(office, case=factories.make_case(person), act_by=today, facts_as_of=today)
    factories.make_model_letter(made)
    return made


def said(campaign: Campaign) -> str:
    return "\n".join(f"{problem.kind}: {problem.text}" for problem in problems(Campaign.objects.get(pk=campaign.pk)))


def test_a_campaign_that_is_ready_has_no_problems(campaign: Campaign) -> None:
    assert said(campaign) == ""


def test_a_campaign_that_reaches_nobody_is_bad(campaign: Campaign) -> None:
    campaign.targets.all().delete()

    assert said(campaign).startswith("bad: Nobody can be written to")


def test_an_office_without_a_working_address_is_named(campaign: Campaign) -> None:
    mute = factories.add_office(campaign, factories.make_office(factories.make_contact("email", state="bounced")))

    assert said(campaign) == f"warn: {mute}: no address works."


def test_a_mission_that_the_directory_does_not_know_is_named(campaign: Campaign) -> None:
    factories.add_office(campaign, mission_of="KZ")

    assert "knows no mission" in said(campaign)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"en": "I am {{nmae}}"}, "bad: Letter letter (en): there is no placeholder {{nmae}}. Did you mean {{name}}?"),
        ({"en": "Dear Chief Military Prosecutor,\n\nI write"}, "begins with a salutation"),
        ({"ru": "Уважаемый прокурор!\n\nЯ пишу"}, "(ru) begins with a salutation"),
        ({"en": "Muslim Aliev is innocent. Release Aliyev."}, "spelled in several ways (en): Aliev, Aliyev"),
    ],
)
def test_a_text_that_would_read_badly_is_named(body: dict[str, str], words: str, campaign: Campaign) -> None:
    campaign.letters.update(body=body, key="letter")

    assert words in said(campaign)


def test_a_letter_in_no_language_of_the_office_is_named(campaign: Campaign) -> None:
    campaign.targets.update(languages=["kk"])

    assert "is not in a language of" in said(campaign)


def test_a_missing_end_and_stale_facts_are_named(campaign: Campaign) -> None:
    Campaign.objects.update(act_by=None, facts_as_of=None)
    address = campaign.cases.get().members.get().person.addresses.get()  # type: ignore[union-attr]  # a person
    address.checked_on = timezone.localdate() - dt.timedelta(days=91)
    address.save()

    assert said(campaign).count("warn: ") == 3


def test_the_page_of_a_campaign_says_what_is_missing(campaign: Campaign, client: Client) -> None:
    campaign.targets.all().delete()
    client.force_login(make_staff("organiser"))

    page = client.get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode()

    assert "Nobody can be written to" in page
    assert "Once it is saved" in client.get(reverse("admin:campaigns_campaign_add")).content.decode()
