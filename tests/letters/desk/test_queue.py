"""The page "Queue": by office what waits, when it leaves, what broke and what helps; and the switches on it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.models import Campaign, CampaignTarget, ContactState
from letters.counting.traffic import days
from letters.models import Brake, Delivery, Heartbeat
from letters.sending import settling
from tests import factories
from tests.letters.counting.conftest import delivery, letter
from tests.staff import make_staff

PAGE = "admin:letters_queue"


@pytest.fixture(autouse=True)
def live(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"
    settings.SECOND_FACTOR = False


@pytest.fixture
def campaign(db: None) -> Campaign:
    return factories.make_campaign(factories.make_office("email", "fax", time_zone="Europe/Moscow"))


@pytest.fixture
def office(campaign: Campaign) -> CampaignTarget:
    return campaign.targets.get()


@pytest.fixture
def organiser(client: Client, db: None) -> Client:
    client.force_login(make_staff("organiser"))
    return client


def waiting(office: CampaignTarget, number: int, state: str = "queued", **fields: Any) -> None:
    """Put letters for the office's mailbox into the queue."""
    assert office.target
    contact = office.target.contacts.get(channel="email")
    for _ in range(number):
        delivery(letter(office.campaign), office, state, contact=contact, **fields)


def text(client: Client, **query: Any) -> str:
    """Return the words of the page without its tags' line breaks."""
    response = client.get(reverse(PAGE), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_an_office_says_what_waits_when_it_is_empty_and_whether_that_is_in_time(
    organiser: Client, office: CampaignTarget, settings: Settings
) -> None:
    settings.MAILBOX_PER_HOUR = 30
    waiting(office, 60, deliver_by=timezone.now() + dt.timedelta(days=30))
    assert "all leave in time" in text(organiser)
    lane = organiser.get(reverse(PAGE)).context["offices"][0].lanes.popitem()[1]
    hours = (lane.ends - timezone.now()) / dt.timedelta(hours=1)
    assert 2 <= hours <= 6.3, "thirty an hour in the office's hours, ten outside them, and half a sweep each"
    assert (lane.waiting, lane.rate in {30, 10}) == (60, True)

    Delivery.objects.update(deliver_by=timezone.now() + dt.timedelta(hours=1))

    page = text(organiser)
    assert "some will be too late" in page
    assert "Europe/Moscow" in page
    assert "(UTC)" in page, "a moment names its time zone"


def test_what_failed_is_told_by_cause_with_the_act_that_helps(organiser: Client, office: CampaignTarget) -> None:
    assert office.target
    mailbox = office.target.contacts.get(channel="email")
    now = timezone.now()
    for state, reason in (
        ("failed", "envelope: 550 5.1.1 No such user"),
        ("failed", "envelope: 553 sorry"),
        ("failed", "body: 554 spam"),
        ("failed", "given up: envelope: 451 later"),
        ("failed", "nobody answered: Ring detected"),
        ("failed", "an error of this site: KeyError"),
        ("failed", "something new"),
        ("bounced", "5.1.1"),
    ):
        delivery(letter(office.campaign), office, state, contact=mailbox, reason=reason, settled_at=now)
    delivery(letter(office.campaign), office, "failed", replaced_at=now, settled_at=now)

    row = organiser.get(reverse(PAGE)).context["offices"][0]

    found = {str(trouble.cause.text): trouble.number for trouble in row.troubles}
    assert found == {
        "the office’s server does not know the address": 2,
        "the office’s server does not want our mail": 1,
        "put off again and again for days, then given up": 1,
        "called for days: busy, nobody answered, or no fax machine": 1,
        "an error of this site": 1,
        "for another reason, which its page tells": 1,
        "came back: the address does not work": 1,
    }
    page = text(organiser)
    for address in (
        reverse("admin:campaigns_contactdetail_change", args=[mailbox.pk]),
        reverse("admin:campaigns_campaigntarget_change", args=[office.pk]),
        f"{reverse('admin:letters_delivery_changelist')}?target__id__exact={office.target.pk}&amp;state__exact=bounced",
    ):
        assert address in page
        assert organiser.get(address.replace("&amp;", "&")).status_code == 200


def test_what_asks_for_a_decision_comes_first_and_says_why(organiser: Client, office: CampaignTarget) -> None:
    quiet = factories.make_campaign(factories.make_office()).targets.get()
    waiting(quiet, 3)
    waiting(office, 1, state="unresolved", on=timezone.now())
    waiting(office, 2, state="held", hold_reason="facts_changed")
    waiting(office, 1, state="unknown", on=timezone.now())

    offices = organiser.get(reverse(PAGE)).context["offices"]

    assert [row.target for row in offices] == [office.target, quiet.target]
    page = text(organiser)
    for words in ("1 asks for a decision", "2 held", "the facts changed after it was written", "1 not known yet"):
        assert words in page


def test_a_dead_address_and_a_silent_worker_are_seen_at_once(organiser: Client, office: CampaignTarget) -> None:
    assert office.target
    office.target.contacts.filter(channel="fax").update(state=ContactState.BOUNCED)
    waiting(office, 1)
    Heartbeat.objects.create(worker="machine:1", at=timezone.now() - dt.timedelta(minutes=12, seconds=5))
    Heartbeat.objects.create(worker=Heartbeat.SWEEP, at=timezone.now())

    page = text(organiser)

    assert "The worker has been silent for 12 minutes." in page
    assert "Beat: the last round was less than a minute ago" in page
    assert "dead address" in page

    for number, minutes in ((2, 0), (3, 0), (4, 30)):
        Heartbeat.objects.create(worker=f"machine:{number}", at=timezone.now() - dt.timedelta(minutes=minutes))
    assert "2 processes" in text(organiser), "those that died are none"


def test_nobody_sees_the_queue_of_a_campaign_that_others_edit_nor_any_name(
    client: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    delivery(letter(campaign, name="CANARY-NAME"), office, "queued", sender="CANARY-NAME")
    editor, other = make_staff("organiser"), make_staff("organiser")
    campaign.editors.add(editor)
    assert office.target
    switch = reverse("admin:letters_switch", args=["pause", "campaign", campaign.pk])

    client.force_login(other)
    assert str(office.target) not in text(client)
    assert client.get(switch).status_code == 404
    assert client.get(reverse("admin:letters_switch", args=["pause", "office", office.target.pk])).status_code == 404
    client.force_login(editor)
    assert str(office.target) in text(client)
    assert "CANARY" not in text(client)
    for role, allowed in (("moderator", 200), ("coordinator", 403), ("translator", 403)):
        client.force_login(make_staff(role))
        assert client.get(reverse(PAGE)).status_code == allowed
    assert client.get(switch).status_code == 403


def press(client: Client, act: str, scope: str = "everything", pk: int = 0, **data: str) -> str:
    """Look at the question, answer yes and return the page that follows."""
    args = [act] if scope == "everything" else [act, scope, pk]
    address = reverse("admin:letters_switch_everything" if scope == "everything" else "admin:letters_switch", args=args)
    before = dict(Delivery.objects.values_list("pk", "state"))
    question = client.get(address)
    assert question.status_code == 200
    assert dict(Delivery.objects.values_list("pk", "state")) == before, "a question changes nothing"
    return " ".join(client.post(address, data, follow=True).content.decode().split())


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_an_office_is_stopped_and_goes_on(organiser: Client, office: CampaignTarget) -> None:
    waiting(office, 2)
    assert office.target

    page = press(organiser, "pause", "office", office.target.pk, reason="they asked us")
    settling.hold()

    assert "2 letters concerned" in page
    assert states() == ["held", "held"]
    undo = reverse("admin:letters_switch", args=["resume", "office", office.target.pk])
    assert f'<a href="{undo}">Undo: Let it go on</a>' in page
    assert "they asked us" in LogEntry.objects.get().change_message

    press(organiser, "resume", "office", office.target.pk)
    settling.release()
    assert states() == ["queued", "queued"]


def test_a_campaign_is_stopped_and_goes_on_also_one_that_opened_by_itself(
    organiser: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    waiting(office, 1)
    Campaign.objects.update(state="scheduled", opens_at=timezone.now() - dt.timedelta(hours=1))

    press(organiser, "pause", "campaign", campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == "paused"

    press(organiser, "resume", "campaign", campaign.pk)
    campaign.refresh_from_db()
    assert campaign.state == "open"


def test_everything_is_stopped_and_a_moderator_may_not(client: Client, office: CampaignTarget) -> None:
    waiting(office, 1)
    everything = reverse("admin:letters_switch_everything", args=["pause"])
    client.force_login(make_staff("moderator"))
    assert client.get(everything).status_code == 403

    client.force_login(make_staff("organiser"))
    page = press(client, "pause", reason="the relay is abused")

    assert Brake.objects.get().reason == "the relay is abused"
    assert "Stopped: everything." in page
    assert not Delivery.objects.ready().exists()
    press(client, "resume")
    assert Delivery.objects.ready().exists()


def test_cancelling_ends_what_waits_and_nothing_else(organiser: Client, campaign: Campaign) -> None:
    other = factories.make_campaign(factories.make_office())
    hidden = factories.make_campaign(factories.make_office())
    hidden.editors.add(make_staff("organiser"))
    for each in (campaign, other, hidden):
        waiting(each.targets.get(), 1)
    waiting(campaign.targets.get(), 1, state="accepted")

    page = press(organiser, "cancel", "campaign", campaign.pk)
    assert "Undo" not in page
    assert states() == ["accepted", "cancelled", "queued", "queued"]
    press(organiser, "cancel")

    assert hidden.deliveries.get().state == "queued", "others edit it"
    assert states() == ["accepted", "cancelled", "cancelled", "queued"]


def test_a_switch_that_does_not_exist_is_not_found(organiser: Client, campaign: Campaign) -> None:
    assert organiser.get(reverse("admin:letters_switch", args=["explode", "campaign", campaign.pk])).status_code == 404
    assert organiser.get(reverse("admin:letters_switch", args=["pause", "planet", 1])).status_code == 404


def test_the_days_say_what_left_broke_and_waited_each_evening(campaign: Campaign, office: CampaignTarget) -> None:
    now = timezone.now()

    def at(day: int) -> dt.datetime:
        return now - dt.timedelta(days=day)

    def made(day: int, state: str, **fields: Any) -> None:
        row = delivery(letter(campaign), office, state, **fields)
        Delivery.objects.filter(pk=row.pk).update(created_at=at(day))

    made(3, "accepted", on=at(1))
    made(3, "failed", settled_at=at(2))
    made(2, "queued")
    made(20, "queued")
    made(0, "cancelled", settled_at=now)

    found = days(Delivery.objects.letters(), 4)

    assert [(day.handed_over, day.broken, day.waiting) for day in found] == [(0, 0, 3), (0, 1, 3), (1, 0, 2), (0, 0, 2)]


def test_the_page_asks_as_much_for_one_office_as_for_many(organiser: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as found:
            assert organiser.get(reverse(PAGE)).status_code == 200
        return len(found)

    def fill() -> None:
        campaign = factories.make_campaign(*(factories.make_office("email", "fax") for _ in range(3)))
        for office in campaign.targets.all():
            waiting(office, 1)
            waiting(office, 1, state="failed", settled_at=timezone.now())
            waiting(office, 1, state="held")

    fill()
    before = questions()
    fill()
    fill()

    assert questions() == before
    assert before <= 25
