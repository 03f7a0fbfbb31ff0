"""The sweep: what is settled without anybody asking, and that doing it twice does nothing more."""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign, CampaignState, CampaignTarget
from letters.models import Delivery, DeliveryState, HoldReason, Letter, LetterState, LetterText
from letters.sending import outbox, settling
from tests.factories import make_campaign, make_letter, make_office
from tests.invariants import check_log

pytestmark = pytest.mark.django_db

S = DeliveryState
PAST = dt.timedelta(minutes=-1)


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


def settle() -> None:
    for step in settling.STEPS:
        step()
    check_log()


@pytest.fixture
def delivery() -> Delivery:
    """A delivery of a letter to one office, queued."""
    outbox.confirm(make_letter())
    return Delivery.objects.get()


def state_of(delivery: Delivery) -> tuple[str, str]:
    delivery.refresh_from_db()
    return delivery.state, delivery.hold_reason


def lease_over(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=timezone.now() + PAST)


def test_what_a_dead_worker_only_prepared_is_queued_again(delivery: Delivery) -> None:
    Delivery.objects.ready().claim("dead", 1)
    settle()
    assert state_of(delivery)[0] == S.SENDING, "its lease runs"

    lease_over(delivery)
    settle()

    assert state_of(delivery)[0] == S.QUEUED
    assert delivery.attempts == 1
    assert Delivery.objects.ready().claim("alive", 1) == [delivery]


def test_what_a_dead_worker_was_handing_over_is_unknown_and_stays_so(delivery: Delivery) -> None:
    [claimed] = Delivery.objects.ready().claim("dead", 1)
    claimed.advance(S.HANDING_OVER)
    lease_over(delivery)

    settle()
    settle()

    assert state_of(delivery)[0] == S.UNKNOWN
    assert Delivery.objects.ready().claim("alive", 1) == []


def test_what_kills_every_worker_is_put_aside(delivery: Delivery) -> None:
    for _death in range(settling.DEATHS):
        Delivery.objects.ready().claim("dead", 1)
        lease_over(delivery)
        settle()

    assert state_of(delivery)[0] == S.FAILED
    assert "workers died" in delivery.reason


def test_a_delivery_that_was_put_off_is_queued_when_its_time_comes(delivery: Delivery) -> None:
    [claimed] = Delivery.objects.ready().claim("w", 1)
    claimed.advance(S.DEFERRED, next_attempt_at=timezone.now() + dt.timedelta(minutes=5))
    settle()
    assert state_of(delivery)[0] == S.DEFERRED

    Delivery.objects.update(next_attempt_at=timezone.now() + PAST)
    settle()

    assert state_of(delivery)[0] == S.QUEUED


@pytest.mark.parametrize("start", [S.QUEUED, S.DEFERRED, S.HELD])
def test_what_is_too_late_expires_and_is_never_claimed(delivery: Delivery, start: DeliveryState) -> None:
    reason = HoldReason.MODERATION if start == S.HELD else HoldReason.NONE
    Delivery.objects.update(state=start, hold_reason=reason, deliver_by=timezone.now() + PAST)
    assert Delivery.objects.ready().claim("w", 1) == []

    for step in settling.STEPS:
        step()

    assert state_of(delivery)[0] == S.EXPIRED


def test_a_paused_campaign_holds_its_letters_and_lets_them_go_again(delivery: Delivery) -> None:
    Campaign.objects.update(state=CampaignState.PAUSED)
    assert Delivery.objects.ready().claim("w", 1) == [], "it is not claimed even before the sweep"
    settle()
    assert state_of(delivery) == (S.HELD, HoldReason.CAMPAIGN_PAUSED)

    Campaign.objects.update(state=CampaignState.OPEN)
    settle()

    assert state_of(delivery) == (S.QUEUED, "")


def test_a_paused_office_holds_its_letters_and_lets_them_go_again(delivery: Delivery) -> None:
    CampaignTarget.objects.update(paused=True)
    assert Delivery.objects.ready().claim("w", 1) == []
    settle()
    assert state_of(delivery) == (S.HELD, HoldReason.OFFICE_PAUSED)

    CampaignTarget.objects.update(paused=False)
    settle()

    assert state_of(delivery) == (S.QUEUED, "")


def test_changed_facts_hold_what_waits_until_an_organiser_releases_it(delivery: Delivery) -> None:
    Campaign.objects.update(facts_version=2)
    assert Delivery.objects.ready().claim("w", 1) == []
    settle()
    assert state_of(delivery) == (S.HELD, HoldReason.FACTS_CHANGED)
    settle()
    assert state_of(delivery)[0] == S.HELD

    delivery.advance(S.QUEUED, reason="released", released_facts_version=2)
    settle()

    assert state_of(delivery)[0] == S.QUEUED
    assert Delivery.objects.ready().claim("w", 1) == [delivery]


@pytest.mark.parametrize(
    "end", [CampaignState.CONTINUED, CampaignState.EXPIRED, CampaignState.STOPPED, CampaignState.WITHDRAWN]
)
def test_a_campaign_that_is_over_sends_nothing_more(delivery: Delivery, end: CampaignState) -> None:
    Campaign.objects.update(state=end)
    assert Delivery.objects.ready().claim("w", 1) == []

    settle()

    assert state_of(delivery)[0] == S.CANCELLED


def test_a_wrong_end_date_can_be_put_right(delivery: Delivery) -> None:
    Campaign.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=1))
    settle()
    assert Delivery.objects.ready().claim("w", 1) == []

    Campaign.objects.update(closes_on=timezone.localdate() + dt.timedelta(days=1))
    settle()

    assert Delivery.objects.ready().claim("w", 1) == [delivery]


def test_a_letter_that_was_erased_is_not_sent(delivery: Delivery) -> None:
    Letter.objects.update(state=LetterState.ERASED, name="", email="", own_words="")
    assert Delivery.objects.ready().claim("w", 1) == []

    settle()

    assert state_of(delivery)[0] == S.CANCELLED


def test_what_was_never_confirmed_is_forgotten() -> None:
    letter = make_letter(make_campaign(make_office()))
    LetterText.objects.create(letter=letter, language="en", body="What I wrote")
    outbox.request_confirmation(letter)
    settle()
    assert Letter.objects.get().email, "there is time"

    Letter.objects.update(expires_at=timezone.now() + PAST)
    settle()

    letter, mail = Letter.objects.get(), Delivery.objects.get()
    assert letter.state == LetterState.EXPIRED
    assert (letter.name, letter.email, letter.texts.count(), letter.addressings.count()) == ("", "", 0, 0)
    assert (mail.state, mail.address, mail.text, mail.html) == (S.CANCELLED, "", "", "")


def test_a_link_that_is_used_is_not_sent_again() -> None:
    letter = make_letter()
    outbox.request_confirmation(letter)
    outbox.confirm(letter)
    assert [row.role for row in Delivery.objects.ready()] == ["primary"]

    settle()

    assert Delivery.objects.get(role="service").state == S.CANCELLED
