"""Closing a campaign as won: every page shows it, what waits is cancelled, and subscribers get nothing by itself."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.models import Campaign, Update
from letters.models import Delivery, Mailing
from letters.sending import settling
from prisoners.models import Case, Custody, Person, TimelineEntry
from tests import factories
from tests.letters.counting.conftest import delivery, letter
from tests.staff import make_staff

TODAY = timezone.localdate()


@pytest.fixture
def case(db: None) -> Case:
    return factories.make_case(factories.make_person("Vera Example", slug="vera"))


@pytest.fixture
def campaign(case: Case) -> Campaign:
    return factories.make_campaign(factories.make_office(), case=case, slug="free-vera")


@pytest.fixture
def organiser(client: Client, db: None) -> Client:
    client.force_login(make_staff("organiser"))
    return client


def close(client: Client, campaign: Campaign, **changes: str) -> Any:
    """Fill the form in, every person as released, and send it."""
    member = campaign.cases.get().members.get()
    data = {
        "ended_on": TODAY.isoformat(),
        "outcome__en": "Vera came out this morning.",
        "outcome__ru": "Вера вышла сегодня утром.",
        "state": "ended",
        f"member_{member.pk}": "released",
    }
    address = reverse("admin:campaigns_campaign_won", args=[campaign.pk])
    return client.post(address, {**data, **changes})


def read(path: str) -> str:
    """Return what the public reads at `path`."""
    with translation.override("en"):  # which the page in another language would leave behind
        response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_every_page_turns_to_the_released_state(organiser: Client, campaign: Campaign) -> None:
    pages = {
        path: read(path) for path in ("/", "/past/", "/campaigns/free-vera/", "/embed/free-vera/", "/prisoners/vera/")
    }
    assert "/campaigns/free-vera/write/" in pages["/campaigns/free-vera/"]
    assert "Released" not in pages["/campaigns/free-vera/"] + pages["/prisoners/vera/"] + pages["/embed/free-vera/"]

    assert close(organiser, campaign).status_code == 302

    assert "Vera Example" in read("/").partition("front__part--free")[2]
    assert re.search(r"case-card--free.*Free Vera Example", read("/past/"), flags=re.DOTALL)
    public = read("/campaigns/free-vera/")
    assert "status-band--free" in public
    assert "Vera came out this morning." in public
    assert "/campaigns/free-vera/write/" not in public
    embedded = read("/embed/free-vera/")
    assert 'tag--free">Released' in embedded
    assert "Vera came out this morning." in embedded
    assert "status-band--free" in read("/prisoners/vera/")
    assert "Вера вышла сегодня утром." in read("/ru/campaigns/free-vera/")


def test_what_waits_is_cancelled_and_its_number_was_shown_before(organiser: Client, campaign: Campaign) -> None:
    office = campaign.targets.get()
    for state in ("queued", "held", "accepted"):
        delivery(letter(campaign), office, state, on=timezone.now())
    question = organiser.get(reverse("admin:campaigns_campaign_won", args=[campaign.pk])).content.decode()
    assert re.search(r"<dt>wait</dt>\s*<dd>1</dd>", question)
    assert re.search(r"<dt>held</dt>\s*<dd>1</dd>", question)

    close(organiser, campaign)

    assert not Delivery.objects.ready().exists(), "not even before the sweep"
    settling.cancel()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["accepted", "cancelled", "cancelled"]


def test_what_waits_can_be_held_instead(organiser: Client, campaign: Campaign) -> None:
    delivery(letter(campaign), campaign.targets.get(), "queued")

    close(organiser, campaign, state="paused")
    settling.cancel()
    settling.hold()

    assert (Campaign.objects.get().state, Delivery.objects.get().state) == ("paused", "held")


def test_subscribers_get_a_draft_and_no_mail(organiser: Client, campaign: Campaign) -> None:
    response = close(organiser, campaign)

    news = Update.objects.get()
    assert response["Location"] == reverse("admin:campaigns_update_change", args=[news.pk])
    assert (news.published_at, news.date.start) == (None, TODAY)
    assert dict(news.text) == {"en": "Vera came out this morning.", "ru": "Вера вышла сегодня утром."}
    assert str(news.title) == "How it ended: Free Vera Example"
    assert not Update.objects.published().exists()
    assert not Mailing.objects.exists()
    assert not Delivery.objects.exists()


def test_each_person_gets_an_entry_of_how_it_ended_for_them(organiser: Client, campaign: Campaign, case: Case) -> None:
    igor, olga = (factories.make_member(case, factories.make_person(name)) for name in ("Igor Example", "Olga Example"))
    vera = case.members.get(person__slug="vera")
    fields = {f"member_{vera.pk}": "released", f"member_{igor.pk}": "released", f"member_{olga.pk}": ""}
    data = {"ended_on": TODAY, "outcome__en": "Two came out.", "state": "ended", **fields}

    organiser.post(reverse("admin:campaigns_campaign_won", args=[campaign.pk]), data)

    entry = TimelineEntry.objects.get()
    assert (entry.custody, entry.kind, entry.date.start) == (Custody.RELEASED, "release", TODAY)
    assert set(entry.members.all()) == {vera, igor}
    assert entry.text["en"] == "Vera Example, Igor Example: released"
    assert "status-band--free" not in read("/campaigns/free-vera/"), "one is still inside"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome__en": "", "outcome__ru": ""}, "outcome"),
        ({"ended_on": (TODAY + dt.timedelta(days=2)).isoformat()}, "ended_on"),
        ({"ended_on": ""}, "ended_on"),
        ({"state": "withdrawn"}, "state"),
    ],
)
def test_a_mistake_closes_nothing_and_keeps_what_was_typed(
    organiser: Client, campaign: Campaign, changes: dict[str, str], field: str
) -> None:
    response = close(organiser, campaign, **changes)

    assert field in response.context["form"].errors
    if "outcome__en" not in changes:
        assert "Vera came out this morning." in response.content.decode()
    assert Campaign.objects.get().state == "open"
    assert not TimelineEntry.objects.exists()
    assert not Update.objects.exists()


def test_closing_can_be_undone(organiser: Client, campaign: Campaign) -> None:
    page = organiser.get(close(organiser, campaign)["Location"]).content.decode()
    undo = re.search(r'href="([^"]+/reopen/[^"]+)"', page)
    assert undo
    assert organiser.get(undo[1]).status_code == 200
    assert Campaign.objects.get().state == "ended", "a question changes nothing"

    organiser.post(undo[1])

    after = Campaign.objects.get()
    assert (after.state, dict(after.outcome), after.ended_on) == ("open", {}, None)
    assert not TimelineEntry.objects.exists()
    assert not Update.objects.exists()
    assert "/campaigns/free-vera/write/" in read("/campaigns/free-vera/")
    forged = reverse("admin:campaigns_campaign_reopen", args=[campaign.pk, "forged"])
    assert organiser.post(forged)["Location"] == reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def test_only_those_who_may_change_the_campaign_close_it(client: Client, campaign: Campaign) -> None:
    for role in ("coordinator", "translator", "moderator"):
        client.force_login(make_staff(role))
        assert close(client, campaign).status_code == 403
    campaign.editors.add(make_staff("organiser"))
    client.force_login(make_staff("organiser"))
    assert close(client, campaign).status_code == 403
    assert Campaign.objects.get().state == "open"
    assert Person.objects.get().slug == "vera"
