"""Mail of ours that nobody asks for goes out once, and says what helps."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign, CampaignState, CopyAddress, PostalNotice
from letters.models import Delivery, DeliveryState, Letter
from letters.sending import notices, outbox
from tests.factories import make_campaign, make_contact, make_letter, make_office

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


def mails(purpose: str) -> list[Delivery]:
    return list(Delivery.objects.filter(purpose=purpose).order_by("pk"))


def test_who_has_not_confirmed_in_a_day_is_reminded_once() -> None:
    old, new = make_letter(), make_letter()
    Letter.objects.filter(pk=old.pk).update(created_at=timezone.now() - DAY)

    notices.remind()
    notices.remind()

    [mail] = mails("reminder")
    assert (mail.letter, mail.address) == (old, old.email)
    assert "/confirm/" in mail.text
    assert new.email not in mail.text


def undeliverable(state: DeliveryState, days: int = 2, **fields: object) -> Delivery:
    contacts = (make_contact(), make_contact("post", country="RU"), make_contact("phone"))
    outbox.confirm(make_letter(make_campaign(make_office(*contacts))))
    Delivery.objects.update(state=state, settled_at=timezone.now() - days * DAY, **fields)
    return Delivery.objects.get()


def test_a_supporter_is_told_what_failed_and_gets_text_and_next_ways_back() -> None:
    delivery = undeliverable(DeliveryState.FAILED)

    notices.tell()
    notices.tell()

    [mail] = mails("failure")
    assert delivery.target
    assert delivery.letter
    assert mail.address == delivery.letter.email
    for expected in (str(delivery.target.name), delivery.text, "Example Street", "+44207946"):
        assert expected in mail.text
    assert delivery.address not in mail.text, "the way that failed is not offered again"
    assert "/letters/" in mail.text


def test_post_is_not_offered_where_no_post_goes() -> None:
    undeliverable(DeliveryState.EXPIRED)
    PostalNotice.objects.create(to_country="RU", suspended=True, text={"en": "No post goes to Russia."})

    notices.tell()

    assert "Example Street" not in mails("failure")[0].text


def test_an_organiser_has_a_day_to_correct_an_address_before_the_supporter_is_told() -> None:
    undeliverable(DeliveryState.FAILED, days=0)
    notices.tell()
    assert not mails("failure")


def test_what_was_replaced_is_no_failure() -> None:
    undeliverable(DeliveryState.FAILED, replaced_at=timezone.now())
    notices.tell()
    assert not mails("failure")


def test_news_of_a_withdrawn_campaign_carries_no_name_and_no_text() -> None:
    delivery = undeliverable(DeliveryState.CANCELLED)
    Campaign.objects.update(state=CampaignState.WITHDRAWN)

    notices.tell()

    [mail] = mails("failure")
    assert "Vera Example" not in mail.subject + mail.text + mail.html
    assert delivery.text not in mail.text


@pytest.fixture
def copied() -> Campaign:
    """A campaign that wants copies, with two letters of today; the writer of one declined."""
    campaign = make_campaign(make_office(), make_office())
    CopyAddress.objects.create(campaign=campaign, email="committee@campaign.test")
    CopyAddress.objects.create(campaign=campaign, email="lawyers@campaign.test")
    outbox.confirm(make_letter(campaign, name="Ada Agrees"))
    outbox.confirm(make_letter(campaign, name="Dora Declines", copies=False))
    return campaign


def test_copies_go_out_once_when_the_day_is_over(copied: Campaign) -> None:
    notices.bundle()
    assert not mails("copies"), "the day is not over"

    for hour in (2, 3, 26):
        tomorrow = dt.datetime.combine(timezone.localdate() + DAY, dt.time(0), dt.UTC)
        with time_machine.travel(tomorrow + dt.timedelta(hours=hour)):
            notices.bundle()

    found = mails("copies")
    assert [mail.address for mail in found] == ["committee@campaign.test", "lawyers@campaign.test"]
    for mail in found:
        assert "Ada Agrees" in mail.text
        assert mail.text.count("Dear Prosecutor,") == 1, "one text for two offices stands once"
        assert "Dora Declines" not in mail.text


def test_a_day_without_a_worker_is_made_good(copied: Campaign) -> None:
    with time_machine.travel(timezone.now().replace(hour=12) + 3 * DAY):
        notices.bundle()
        notices.bundle()
    assert len(mails("copies")) == 2


def test_copies_of_letters_written_on_trial_are_never_sent(copied: Campaign) -> None:
    Letter.objects.update(trial=True)
    with time_machine.travel(timezone.now() + 2 * DAY):
        notices.bundle()
    assert not mails("copies")
