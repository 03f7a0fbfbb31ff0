"""How fast letters leave: no faster than an office reads, in fair turns, and what a supporter is told of it."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaigns.directory.reach import offices_for
from campaigns.models import Campaign
from letters.models import Brake, Delivery, DeliveryState
from letters.sending import outbox, pacing
from tests.factories import add_office, make_campaign, make_contact, make_letter, make_model_letter, make_office

S = DeliveryState
MONDAY_NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


def write(campaign: Campaign, number: int = 1) -> None:
    for _ in range(number):
        outbox.confirm(make_letter(campaign))


def leave(*, minutes_ago: float = 0) -> list[Delivery]:
    """Claim what may leave now, and let it have left so long ago."""
    rows = pacing.claim("w", 100)
    at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=S.ACCEPTED, handed_over_at=at, handed_over_on=at.date()
    )
    return rows


@pytest.mark.django_db
def test_one_mailbox_gets_its_letters_one_by_one() -> None:
    write(make_campaign(make_office()), 3)

    assert len(leave(minutes_ago=1)) == 1
    assert len(leave()) == 0, "thirty an hour is one in two minutes"
    Delivery.objects.filter(state=S.ACCEPTED).update(handed_over_at=timezone.now() - dt.timedelta(minutes=3))
    assert len(leave()) == 1


@pytest.mark.django_db
def test_different_mailboxes_do_not_wait_for_each_other() -> None:
    write(make_campaign(*(make_office() for _ in range(4))), 2)
    assert Counter(row.contact_id for row in leave()).most_common(1)[0][1] == 1
    assert Delivery.objects.filter(state=S.ACCEPTED).count() == 4


@pytest.mark.django_db
def test_two_offices_at_one_mailbox_share_its_pace() -> None:
    shared = make_contact()
    write(make_campaign(make_office(shared), make_office(shared)))
    assert len(leave()) == 1


@pytest.mark.django_db
def test_at_night_and_on_sundays_an_office_gets_a_third() -> None:
    moscow = "Europe/Moscow"
    sunday, night = MONDAY_NOON - dt.timedelta(days=1), MONDAY_NOON + dt.timedelta(hours=8)

    assert pacing.rate_of("email", moscow, MONDAY_NOON) == 30
    assert pacing.rate_of("email", moscow, sunday) == 10
    assert pacing.rate_of("email", moscow, night) == 10
    assert pacing.rate_of("email", "America/New_York", night) == 30
    assert pacing.rate_of("email", "", night) == 30


@pytest.mark.django_db
def test_the_mailboxes_of_one_domain_have_a_ceiling_together(settings: Settings) -> None:
    settings.MAIL_DOMAIN_PER_HOUR = 3
    write(make_campaign(*(make_office(make_contact(value=f"office-{n}@one.test")) for n in range(5))))
    write(make_campaign(make_office(make_contact(value="office@other.test"))))

    domains = Counter(row.address.partition("@")[2] for row in leave())

    assert domains == {"one.test": 3, "other.test": 1}


@pytest.mark.django_db
def test_domains_whose_mail_one_host_takes_have_a_ceiling_together(settings: Settings) -> None:
    settings.MAIL_DOMAIN_PER_HOUR = 3
    settings.MAIL_HOSTS = {"one.test": "mx.gov.test", "two.test": "mx.gov.test"}
    addresses = [f"office-{n}@{domain}" for n in range(4) for domain in ("one.test", "two.test", "other.test")]
    write(make_campaign(*(make_office(make_contact(value=address)) for address in addresses)))

    left = Counter("other" if row.address.endswith("@other.test") else "gov" for row in leave())

    assert left == {"gov": 3, "other": 3}


@pytest.mark.django_db
def test_all_letters_together_have_a_ceiling(settings: Settings) -> None:
    settings.LETTERS_PER_HOUR = 3
    write(make_campaign(*(make_office() for _ in range(5))))

    assert len(leave(minutes_ago=5)) == 3
    assert len(leave()) == 0
    Delivery.objects.filter(state=S.ACCEPTED).update(handed_over_at=timezone.now() - dt.timedelta(minutes=61))
    assert len(leave()) == 2


@pytest.mark.django_db
def test_our_own_mail_does_not_wait(settings: Settings) -> None:
    settings.LETTERS_PER_HOUR = 1
    for _ in range(5):
        outbox.request_confirmation(make_letter())
    assert len(leave()) == 5


@pytest.mark.django_db
def test_campaigns_take_turns_at_a_mailbox() -> None:
    office = make_office()
    crowd, few = make_campaign(office), make_campaign(office)
    write(crowd, 4)
    write(few, 2)

    order = [leave(minutes_ago=100 - 3 * turn)[0].campaign for turn in range(6)]

    assert order[:4] in ([crowd, few, crowd, few], [few, crowd, few, crowd])
    assert order[4:] == [crowd, crowd]


@pytest.mark.django_db
def test_what_is_urgent_goes_before_its_turn() -> None:
    office = make_office()
    calm = make_campaign(office)
    urgent = make_campaign(office, act_by=timezone.localdate() + dt.timedelta(days=1))
    write(calm, 2)
    write(urgent, 3)

    order = [leave(minutes_ago=100 - 3 * turn)[0].campaign for turn in range(4)]

    assert order == [urgent, urgent, urgent, calm]


@pytest.mark.django_db
def test_a_worker_whose_clock_is_wrong_sends_no_flood() -> None:
    write(make_campaign(make_office()), 5)
    leave()
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        assert pacing.claim("w", 100) == []


@pytest.mark.django_db
def test_a_pause_that_ends_lets_out_no_flood() -> None:
    campaign = make_campaign(make_office())
    write(campaign, 20)
    Delivery.objects.move(S.HELD, hold_reason="campaign_paused")
    Delivery.objects.move(S.QUEUED)

    assert len(leave()) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_do_not_share_a_lane() -> None:
    write(make_campaign(make_office(), make_office()), 10)

    def claim(number: int) -> list[int | None]:
        try:
            return [row.contact_id for row in pacing.claim(f"w{number}", 10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [contact for contacts in pool.map(claim, range(12)) for contact in contacts]

    assert len(taken) == len(set(taken)) == 2


@pytest.mark.django_db
def test_a_brake_stops_a_channel_or_everything_at_once() -> None:
    write(make_campaign(make_office("email"), make_office("fax")))
    outbox.request_confirmation(make_letter())

    brake = Brake.objects.create(channel="fax", reason="the line is down")
    assert {row.channel for row in Delivery.objects.ready()} == {"email"}
    Brake.objects.create()
    assert not Delivery.objects.ready().exists()
    Brake.objects.exclude(pk=brake.pk).delete()
    assert Delivery.objects.ready().count() == 2


@pytest.mark.django_db
def test_the_forecast_counts_what_stands_before_a_letter_in_the_offices_hours() -> None:
    busy, idle = make_office(time_zone="Europe/Moscow"), make_office()
    campaign = make_campaign(busy)
    write(campaign, 4)
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(state=S.HELD, hold_reason="moderation")  # type: ignore[union-attr]
    contacts = {office.contacts.get().pk: office for office in (busy, idle)}

    with time_machine.travel(MONDAY_NOON, tick=False):
        found = pacing.forecast(contacts)

    wait = [found[office.contacts.get().pk] - MONDAY_NOON for office in (busy, idle)]
    looked = 3 * dt.timedelta(seconds=15)
    assert wait == [dt.timedelta(minutes=6) + looked, dt.timedelta(0)], "a free lane waits half a sweep to be looked at"


def test_a_long_queue_is_worked_off_slower_at_night() -> None:
    friday_evening = dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)  # 16:00 in London, an hour before the weekend
    lane = pacing._Lane("email", "Europe/London")

    leaves = pacing._leaves_at(30 + 62 * 10 + 10 + 60, lane, friday_evening)

    monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    assert leaves > monday
    assert leaves < monday + dt.timedelta(hours=6)


@pytest.mark.django_db
def test_an_office_may_be_in_a_campaign_without_anything_queued() -> None:
    campaign = make_campaign()
    add_office(campaign, make_office())
    assert pacing.claim("w", 10) == []


@pytest.mark.django_db
def test_an_office_whose_queue_is_longer_than_the_campaign_is_named_before_writing(client: Client) -> None:
    busy, idle = make_office(), make_office()
    campaign = make_campaign(busy, idle, act_by=timezone.localdate())
    make_model_letter(campaign)
    end = pacing.last_moment(campaign, timezone.now())
    hours = (end - timezone.now()) / dt.timedelta(hours=1)
    write(campaign)
    row = Delivery.objects.get(target=busy)
    Delivery.objects.bulk_create(
        Delivery(**{**fields_of(row), "letter": make_letter(campaign), "message_id": f"{n}@postbag.test"})
        for n in range(int(hours * 30) + 30)
    )

    late = pacing.too_late(campaign, offices_for(campaign, "GB"))
    page = client.get(f"/campaigns/{campaign.slug}/write/?from=GB").content.decode()

    assert list(late) == [busy.slug]
    assert late[busy.slug] > end
    assert page.count("would leave on") == 1


def fields_of(row: Delivery) -> dict[str, object]:
    """The columns of a delivery that a copy of it needs."""
    names = ["campaign", "role", "office", "target", "contact", "channel", "address", "language", "text", "text_hash"]
    return {name: getattr(row, name) for name in names}


@pytest.mark.django_db
def test_an_office_is_served_in_its_night_while_its_domain_is_busy_by_day(settings: Settings) -> None:
    settings.MAIL_DOMAIN_PER_HOUR = 6
    by_day = [make_office(make_contact(value=f"day-{n}@one.test")) for n in range(4)]
    write(make_campaign(*by_day))
    leave(minutes_ago=10)
    night = "America/Los_Angeles"
    write(make_campaign(make_office(make_contact(value="night@one.test"), time_zone=night)))

    with time_machine.travel(MONDAY_NOON):
        assert [row.address for row in leave()] == ["night@one.test"], "four of six have left"


@pytest.mark.django_db
def test_the_forecast_lets_a_hearing_pass_and_counts_fair_turns() -> None:
    office = make_office()
    crowd, few = make_campaign(office), make_campaign(office)
    hearing = make_campaign(office, act_by=timezone.localdate() + dt.timedelta(days=1))
    contacts = {office.contacts.get().pk: office}
    write(crowd, 9)
    write(few, 1)
    write(hearing, 2)

    def ahead(campaign: Campaign) -> float:
        queued = list(pacing._queues(timezone.now()))
        return pacing._ahead(queued, campaign, timezone.now())

    assert ahead(hearing) == 2, "of its own, and none of the calm ones"
    assert ahead(crowd) == 2 + 9 + 1
    assert ahead(few) == 2 + 1 + 2, "the hearing's, its own, and one of the crowd for each of these two"
    [soon], [later] = (pacing.forecast(contacts, campaign).values() for campaign in (hearing, few))
    assert soon < later
