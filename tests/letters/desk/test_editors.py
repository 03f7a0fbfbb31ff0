"""What belongs to a campaign with editors is seen and changed by them and by administrators alone."""

import secrets

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import Dossier, ReportedAction
from tests import factories
from tests.letters.counting.conftest import report
from tests.staff import make_administrator, make_staff


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Make a campaign with an editor."""
    made = factories.make_campaign(factories.make_office())
    made.editors.add(make_staff("organiser"))
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_reports_are_free_for_every_coordinator_until_the_campaign_has_editors(campaign: Campaign) -> None:
    of_editors, free = report(campaign, state="waiting"), report(factories.make_campaign(), state="waiting")
    coordinator = client_of(make_staff("coordinator"))
    listed = reverse("admin:letters_reportedaction_changelist")
    data = {"action": "accept", ACTION_CHECKBOX_NAME: [of_editors.pk, free.pk]}

    assert coordinator.get(reverse("admin:letters_reportedaction_change", args=[free.pk])).status_code == 200
    hidden = coordinator.get(reverse("admin:letters_reportedaction_change", args=[of_editors.pk]))
    assert hidden.status_code == 302, "as if there were none"
    coordinator.post(listed, data)
    assert set(ReportedAction.objects.filter(state="waiting")) == {of_editors}

    campaign.editors.add(editor := make_staff("coordinator"))
    client_of(editor).post(listed, data)
    assert not ReportedAction.objects.filter(state="waiting").exists()


def test_a_report_cannot_be_entered_for_a_campaign_of_other_editors(campaign: Campaign) -> None:
    data = {"campaign": campaign.pk, "way": "post", "number": 400, "done_on": timezone.localdate().isoformat()}
    data |= {"known_by": "paper", "state": "counted", "form_key": secrets.token_urlsafe(32)}
    add = reverse("admin:letters_reportedaction_add")

    response = client_of(make_staff("coordinator")).post(add, data)

    assert "campaign" in response.context["adminform"].form.errors
    assert client_of(make_administrator()).post(add, data).status_code == 302
    assert ReportedAction.objects.get().number == 400


def test_a_dossier_is_asked_for_and_seen_by_the_editors_alone(campaign: Campaign) -> None:
    office = campaign.targets.get()
    assert office.target
    dossier = Dossier.objects.create(campaign=campaign, target=office.target)
    other, administrator = client_of(make_staff("organiser")), client_of(make_administrator())
    data = {"campaign": campaign.pk, "target": office.target_id, "language": "en", "paper": "A4"}

    response = other.post(reverse("admin:letters_dossier_add"), data)

    assert "campaign" in response.context["adminform"].form.errors
    assert Dossier.objects.count() == 1
    page = reverse("admin:letters_dossier_change", args=[dossier.pk])
    assert (other.get(page).status_code, administrator.get(page).status_code) == (302, 200)
    assert other.get(reverse("admin:letters_dossier_delete", args=[dossier.pk])).status_code == 302
    assert other.get(reverse("admin:letters_dossier_file", args=[dossier.pk])).status_code == 404


def test_filters_and_columns_of_a_list_can_be_told_apart(campaign: Campaign) -> None:
    for country in ("KZ", "GE"):
        case = factories.make_case(factories.make_person())
        case.responsible_states.create(country=country)
        campaign.cases.add(case)
    administrator = client_of(make_administrator())
    for name in ("campaigns_campaign", "letters_delivery", "letters_letter", "letters_signature"):
        shown = administrator.get(reverse(f"admin:{name}_changelist")).context["cl"]
        titles = [str(spec.title) for spec in shown.filter_specs]

        assert sorted(titles) == sorted(set(titles))
        assert "pk" not in shown.list_display
        assert name != "campaigns_campaign" or {"state", "responsible state"} <= set(titles)
