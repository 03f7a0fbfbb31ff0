"""Which offices a supporter meets, and how each is reached."""

import pytest

from campaigns.directory.reach import mission, offices_for, postal_notice
from campaigns.models import (
    Campaign,
    CampaignTarget,
    Channel,
    ContactDetail,
    ContactState,
    MissionCoverage,
    OfficeHolder,
    PostalNotice,
    Target,
    TargetContact,
)
from prisoners.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.create(slug="free-them", title={"en": "Free them"}, state="open")


def make_mission(slug: str, host: str, *covers: str) -> Target:
    target = Target.objects.create(
        slug=slug, kind="mission", name={"en": "Ambassador"}, country="RU", host_country=host
    )
    for country in covers:
        MissionCoverage.objects.create(target=target, country=country)
    return target


def add_contact(target: Target, channel: str, value: str, state: str = "ok", position: int = 0) -> ContactDetail:
    contact = ContactDetail.objects.create(channel=channel, value=value, state=state)
    TargetContact.objects.create(target=target, contact=contact, position=position)
    return contact


def test_the_embassy_is_the_one_in_the_supporters_country(campaign: Campaign) -> None:
    make_mission("washington", "US", "US")
    berlin = make_mission("berlin", "DE", "DE")
    CampaignTarget.objects.create(campaign=campaign, key="embassy", mission_of="RU")

    assert [office.target for office in offices_for(campaign, "DE")] == [berlin]


def test_a_country_without_an_embassy_gets_the_one_accredited_there() -> None:
    make_mission("washington", "US", "US")
    paris = make_mission("paris", "FR", "FR", "MC")

    assert mission("RU", "MC") == paris


def test_who_rather_not_says_where_they_are_gets_no_embassy(campaign: Campaign) -> None:
    make_mission("washington", "US", "US")
    CampaignTarget.objects.create(campaign=campaign, key="embassy", mission_of="RU")

    (office,) = offices_for(campaign, "")
    assert office.target is None
    assert office.sendable == []


def test_an_office_for_others_is_left_out(campaign: Campaign) -> None:
    mayor = Target.objects.create(slug="mayor", name={"en": "Mayor"})
    CampaignTarget.objects.create(campaign=campaign, key="mayor", target=mayor, audience=["GB"])

    assert offices_for(campaign, "FR") == []
    assert [office.key for office in offices_for(campaign, "GB")] == ["mayor"]


def test_the_campaigns_order_of_channels_wins_and_dead_addresses_are_skipped(campaign: Campaign) -> None:
    mayor = Target.objects.create(slug="mayor", name={"en": "Mayor"})
    add_contact(mayor, "email", "dead@office.invalid", ContactState.BOUNCED, position=0)
    second = add_contact(mayor, "email", "mayor@office.invalid", position=1)
    fax = add_contact(mayor, "fax", "+77272000000", position=2)
    CampaignTarget.objects.create(campaign=campaign, key="mayor", target=mayor, channels=["fax", "email"])

    (office,) = offices_for(campaign, "FR")
    assert office.sendable == [Channel.FAX, Channel.EMAIL]
    assert office.contact("fax") == fax
    assert office.contact("email") == second


def test_the_campaigns_salutation_wins_over_the_holders_and_the_offices(campaign: Campaign) -> None:
    office_row = Target.objects.create(slug="p", name={"en": "Prosecutor"}, salutation={"en": "Dear Prosecutor,"})
    entry = CampaignTarget.objects.create(campaign=campaign, key="p", target=office_row)
    assert offices_for(campaign, "FR")[0].salutation("en") == "Dear Prosecutor,"

    person = Person.objects.create(slug="q", name="Q")
    OfficeHolder.objects.create(target=office_row, person=person, salutation={"en": "Dear Dr. Q,"})
    assert offices_for(campaign, "FR")[0].salutation("en") == "Dear Dr. Q,"

    entry.salutation = {"en": "Mr. Prosecutor:"}
    entry.save()
    assert offices_for(campaign, "FR")[0].salutation("en") == "Mr. Prosecutor:"


def test_a_joint_office_is_greeted_as_the_office(campaign: Campaign) -> None:
    akimat = Target.objects.create(slug="akimat", name={"en": "Mayor and deputy"}, salutation={"en": "Mr. Esimov:"})
    for name in ("Akhmetzhan Esimov", "Serik Seidumanov"):
        person = Person.objects.create(slug=name.split()[1].lower(), name=name)
        OfficeHolder.objects.create(target=akimat, person=person, salutation={"en": f"Dear {name},"})
    CampaignTarget.objects.create(campaign=campaign, key="akimat", target=akimat)

    (office,) = offices_for(campaign, "FR")
    assert office.salutation("en") == "Mr. Esimov:"
    assert office.addressee("en").splitlines()[:2] == ["Akhmetzhan Esimov", "Serik Seidumanov"]


def test_without_a_salutation_nobodys_sex_is_guessed(campaign: Campaign) -> None:
    target = Target.objects.create(slug="minister", name={"en": "Minister of Justice"})
    CampaignTarget.objects.create(campaign=campaign, key="minister", target=target)

    assert offices_for(campaign, "FR")[0].salutation("en") == "Dear Minister of Justice,"


def test_a_notice_for_ones_own_country_wins_over_the_general_one() -> None:
    PostalNotice.objects.create(to_country="RU", text={"en": "Slow."})
    own = PostalNotice.objects.create(to_country="RU", from_country="US", suspended=True, text={"en": "Suspended."})

    assert postal_notice("RU", "US") == own
    assert postal_notice("RU", "DE") != own
    assert postal_notice("KZ", "DE") is None
