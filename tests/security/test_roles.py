"""What organisers of one campaign may see of another's supporters (T20, T21)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, Target
from letters.models import Delivery, Dossier, Letter
from letters.sending import outbox
from tests.factories import make_campaign, make_letter, make_office
from tests.staff import make_administrator, make_staff

pytestmark = pytest.mark.django_db

CANARY = "Canary Name"


@pytest.fixture
def campaign() -> Campaign:
    """A campaign with an editor, and a confirmed letter in it."""
    campaign = make_campaign(make_office(), slug="theirs")
    campaign.editors.add(make_staff("organiser"))
    outbox.confirm(make_letter(campaign, name=CANARY, in_dossier=True))
    Delivery.objects.update(state="captured")
    return campaign


@pytest.fixture
def pages(campaign: Campaign) -> list[str]:
    """Every page of the desk on which the letter could be read."""
    dossier = Dossier.objects.create(campaign=campaign, target=Target.objects.get())
    rows = {"letter": Letter.objects.get().pk, "delivery": Delivery.objects.get().pk, "dossier": dossier.pk}
    rows["capturedpost"] = rows["delivery"]
    lists = [reverse(f"admin:letters_{name}_changelist") for name in rows]
    changes = [reverse(f"admin:letters_{name}_change", args=[pk]) for name, pk in rows.items()]
    histories = [reverse(f"admin:letters_{name}_history", args=[pk]) for name, pk in rows.items()]
    files = [
        reverse("admin:letters_dossier_file", args=[dossier.pk]),
        reverse("admin:letters_capturedpost_fax", args=[rows["delivery"]]),
    ]
    return [*lists, *changes, *histories, *files]


@pytest.mark.parametrize("role", ["organiser", "moderator", "coordinator", "translator"])
def test_t21_letters_of_a_campaign_with_editors_are_read_by_nobody_else(
    pages: list[str], client: Client, role: str
) -> None:
    client.force_login(make_staff(role))
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in {200, 302, 403, 404}, page
        assert CANARY not in answer.content.decode(), page
        assert answer["Content-Type"] != "application/pdf", page
    for name in ("letter", "delivery", "capturedpost", "dossier"):
        answer = client.get(reverse(f"admin:letters_{name}_changelist"))
        assert answer.status_code == 403 or not answer.context["cl"].result_count


def test_t21_its_editors_and_administrators_read_them(pages: list[str], campaign: Campaign, client: Client) -> None:
    for user in (campaign.editors.get(), make_administrator()):
        client.force_login(user)
        assert (
            CANARY
            in client.get(reverse("admin:letters_letter_change", args=[Letter.objects.get().pk])).content.decode()
        )


def test_t21_nobody_else_has_a_dossier_made_of_them(campaign: Campaign, client: Client) -> None:
    form = {"campaign": campaign.pk, "target": Target.objects.get().pk, "language": "en", "paper": "A4"}
    client.force_login(make_staff("organiser"))
    client.post(reverse("admin:letters_dossier_add"), form)
    assert not Dossier.objects.exists()

    client.force_login(campaign.editors.get())
    client.post(reverse("admin:letters_dossier_add"), form)
    assert Dossier.objects.exists()


def test_t20_what_strangers_ask_for_by_number_does_not_exist(pages: list[str], client: Client) -> None:
    for page in pages:
        assert client.get(page)["Location"].startswith("/admin/login/?next=")
    for number in range(5):
        for page in ("", "asked/", "confirm/", "erase/"):
            assert client.get(f"/letters/{number}/{page}").status_code == 404
