"""What keeps a campaign from being published, and how it is published all the same."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, CampaignState, ContactDetail
from tests import factories
from tests.campaigns.desk.test_errors import CAMPAIGN_ROWS, rows
from tests.staff import make_staff


@pytest.fixture
def draft(db: None) -> Campaign:
    """A draft with a misspelt placeholder."""
    campaign = factories.make_campaign(factories.make_office(), state=CampaignState.DRAFT)
    factories.make_model_letter(campaign, body={"en": "Please release {{prisonner}}. I am {{nmae}}."})
    return campaign


def publish(client: Client, campaign: Campaign, **more: str) -> str:
    """Send the campaign's page back as open; return what the next page says."""
    client.force_login(make_staff("organiser"))
    page = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
    form = {"title__en": "Free her", "slug": campaign.slug, "kind": "appeal", "language": "en", "facts_version": 1}
    form |= {"cases": [case.pk for case in campaign.cases.all()], "state": "open", **rows(CAMPAIGN_ROWS), **more}
    answer = client.post(page, form, follow=True)
    assert answer.redirect_chain, answer.context["adminform"].form.errors
    campaign.refresh_from_db()
    return answer.content.decode()


def test_17_a_misspelt_placeholder_keeps_a_campaign_back_and_the_right_one_is_suggested(
    client: Client, draft: Campaign
) -> None:
    page = publish(client, draft, urgency__en="They are moved on Friday.")

    assert draft.state == CampaignState.DRAFT
    assert draft.urgency["en"] == "They are moved on Friday.", "what was typed is saved"
    assert "not published yet" in page
    assert "there is no placeholder {{nmae}}. Did you mean {{name}}?" in page
    assert "{{prisonner}}" in page


def test_17_an_office_with_a_bounced_address_only_keeps_a_campaign_back_and_print_and_post_is_offered(
    client: Client, draft: Campaign
) -> None:
    draft.letters.all().delete()
    ContactDetail.objects.update(state="bounced")

    page = publish(client, draft)

    assert draft.state == CampaignState.DRAFT
    assert "supporters then print and post" in page


def test_a_reason_publishes_all_the_same_and_stands_in_the_history(client: Client, draft: Campaign) -> None:
    publish(client, draft, all_the_same="The hearing is at eight; mended in an hour.")

    assert draft.state == CampaignState.OPEN
    assert any("The hearing is at eight" in entry.change_message for entry in LogEntry.objects.all())


def test_what_is_open_stays_open_when_something_turns_red(client: Client, draft: Campaign) -> None:
    Campaign.objects.update(state=CampaignState.OPEN)

    publish(client, draft)

    assert draft.state == CampaignState.OPEN
