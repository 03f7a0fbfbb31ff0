"""The next campaign of a series starts with what this one says."""

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from tests.staff import make_administrator, make_staff


@pytest.fixture
def campaign(world: None) -> Campaign:
    return Campaign.objects.get()


def follow(client: Client, campaign: Campaign, slug: str) -> int:
    return client.post(reverse("admin:campaigns_campaign_next", args=[campaign.pk]), {"slug": slug}).status_code


def test_the_draft_follows_and_has_its_own_offices_letters_and_demands(campaign: Campaign, client: Client) -> None:
    client.force_login(make_staff("organiser"))
    Campaign.objects.update(outcome={"en": "put off"}, facts_version=3)

    assert follow(client, campaign, "second") == 302

    draft = Campaign.objects.get(slug="second")
    assert (draft.state, draft.follows, draft.facts_version, dict(draft.outcome)) == ("draft", campaign, 1, {})
    assert dict(draft.title) == dict(campaign.title)
    assert [office.target for office in draft.targets.all()] == [office.target for office in campaign.targets.all()]
    letter, original = draft.letters.get(), campaign.letters.get()
    assert [point.text for point in letter.points.all()] == [point.text for point in original.points.all()]
    for row in (letter, draft.demands.get()):
        assert {office.campaign for office in row.offices.all()} == {draft}
    assert (draft.updates.count(), draft.events.count(), draft.references.count()) == (0, 0, 0)
    assert list(draft.cases.all()) == list(campaign.cases.all())


def test_the_campaign_itself_stays_as_it_was(campaign: Campaign, client: Client) -> None:
    client.force_login(make_administrator())
    before = (campaign.targets.count(), campaign.letters.count(), campaign.letters.get().offices.count())

    follow(client, campaign, "second")

    campaign = Campaign.objects.get(pk=campaign.pk)
    assert (campaign.targets.count(), campaign.letters.count(), campaign.letters.get().offices.count()) == before
    assert campaign.state == "open"


def test_an_address_that_is_taken_is_refused_and_a_look_makes_nothing(campaign: Campaign, client: Client) -> None:
    client.force_login(make_staff("organiser"))

    assert client.get(reverse("admin:campaigns_campaign_next", args=[campaign.pk])).status_code == 200
    assert follow(client, campaign, campaign.slug) == 200
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("role", ["coordinator", "translator", "moderator", ""])
def test_others_make_none(role: str, campaign: Campaign, client: Client) -> None:
    client.force_login(make_staff(*[role] if role else []))

    assert follow(client, campaign, "second") == 403


def test_editors_of_the_campaign_only_continue_it(campaign: Campaign, client: Client) -> None:
    campaign.editors.add(make_staff("organiser"))
    client.force_login(make_staff("organiser"))

    assert follow(client, campaign, "second") == 403
