"""News reaches each subscriber who wants it, once, and stops when it must."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign, CampaignState, Update
from letters.keeping import retention
from letters.models import Delivery, DeliveryState, Mailing, MailingState, Pace, Subscription
from letters.sending import outbox, settling, tasks
from letters.sending.bounces.incoming import receive
from letters.subscribing import book, mailing
from letters.subscribing.topics import topics_of
from tests import factories
from tests.letters.sending.bounces.coming_back import comes_back
from tests.letters.subscribing.conftest import make_subscription
from tests.smtp_faults import FaultySmtpServer
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
S = DeliveryState
ZONE = timezone.get_default_timezone()


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


@pytest.fixture
def update(campaign: Campaign) -> Update:
    return factories.make_update(campaign, text={"en": "The appeal was **heard**."})


def let_go(update: Update) -> Mailing:
    """Start a mailing a second from now, so that all who subscribed are meant."""
    row = mailing.start(update, make_staff("organiser"))
    Mailing.objects.filter(pk=row.pk).update(confirmed_at=timezone.now() + dt.timedelta(seconds=1))
    return row


def mailed() -> list[str]:
    return [delivery.address for delivery in Delivery.objects.filter(mailing__isnull=False).order_by("pk")]


@pytest.mark.parametrize("topic", ["all", "campaign:{campaign}", "person:{person}", "country:RU"])
def test_who_wants_this_campaign_person_or_country_gets_it(update: Update, topic: str) -> None:
    [person] = update.campaign.cases.get().members.values_list("person", flat=True)
    make_subscription(topic.format(campaign=update.campaign_id, person=person))
    make_subscription("country:KZ", "campaign:0", "person:0", email="eve@supporter.test")
    let_go(update)
    mailing.mail()
    assert mailed() == ["ada@supporter.test"]


def test_who_wanted_news_of_a_campaign_gets_that_of_the_next_in_the_series(campaign: Campaign) -> None:
    third = factories.make_campaign(follows=factories.make_campaign(follows=campaign))
    assert f"campaign:{campaign.pk}" in topics_of(factories.make_update(third))
    assert f"campaign:{third.pk}" not in topics_of(factories.make_update(campaign))


def test_nothing_is_mailed_before_an_organiser_lets_it_go(update: Update) -> None:
    make_subscription()
    mailing.gather()
    mailing.mail()
    assert not mailed()


def test_a_mail_holds_the_news_the_way_on_and_the_ways_out_in_the_subscribers_language(update: Update) -> None:
    make_subscription(language="ar")
    let_go(update)
    mailing.mail()
    [mail] = Delivery.objects.filter(purpose="news")
    for part in (mail.text, mail.html):
        assert "/ar/campaigns/free-vera/#update-" in part
        assert "/unsubscribe/" in part
    assert 'dir="rtl"' in mail.html
    assert '<div lang="en" dir="ltr">' in mail.html, "what is not translated says its language"
    assert "<strong>heard</strong>" in mail.html
    assert "<img" not in mail.html
    assert "src=" not in mail.html
    assert (mail.subject, mail.role, mail.campaign) == (str(update.title), "service", update.campaign)


def test_sweeps_that_come_again_and_again_mail_everybody_once(update: Update, settings: Settings) -> None:
    settings.NEWS_PER_HOUR = 180
    for number in range(7):
        make_subscription(email=f"p{number}@supporter.test")
    row = let_go(update)
    counts = []
    for minute in range(4):
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=2 * minute)):
            for _sweep in range(3):
                mailing.mail()
            counts.append(len(mailed()))
    assert counts == [3, 6, 7, 7], "three a minute, and nobody twice"
    assert len(set(mailed())) == 7
    row.refresh_from_db()
    assert row.state == MailingState.DONE


def test_a_worker_that_dies_over_the_rows_skips_and_repeats_nobody(update: Update, monkeypatch: Any) -> None:
    for number in range(3):
        make_subscription(email=f"p{number}@supporter.test")
    let_go(update)
    with monkeypatch.context() as patch:
        patch.setattr(Mailing, "save", lambda *_args, **_kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailing.mail()
    assert not mailed()
    mailing.mail()
    assert sorted(mailed()) == [f"p{number}@supporter.test" for number in range(3)]


def test_the_database_refuses_a_second_mail_of_a_mailing(update: Update) -> None:
    subscription = make_subscription()
    row = let_go(update)
    mailing.mail()
    again = Delivery(role="service", purpose="news", mailing=row, subscription=subscription, channel="email")
    with pytest.raises(IntegrityError, match=r"a_subscriber_gets_a_mailing_once|mailing_id, \S+subscription_id"):
        again.save(force_insert=True)


def test_an_update_is_let_go_once(update: Update) -> None:
    assert let_go(update).pk == let_go(update).pk


def test_who_comes_later_gets_the_next_news_not_the_last(update: Update) -> None:
    row = let_go(update)
    Mailing.objects.filter(pk=row.pk).update(confirmed_at=timezone.now() - dt.timedelta(hours=1))
    make_subscription()
    mailing.mail()
    assert not mailed()


def monday(hours: int, weeks: int = 0) -> Any:
    return time_machine.travel(dt.datetime(2027, 3, 1, tzinfo=ZONE) + dt.timedelta(hours=hours, weeks=weeks))


def test_the_digest_comes_on_monday_at_nine_in_the_sites_time_zone_with_all_of_the_week(campaign: Campaign) -> None:
    with monday(10, weeks=-1):
        mailing.gather()
        make_subscription(pace=Pace.WEEKLY)
        make_subscription("country:KZ", pace=Pace.WEEKLY, email="other@supporter.test")
        for title in ("First news", "Second news"):
            let_go(factories.make_update(campaign, title={"en": title}))
        let_go(cancelled := factories.make_update(campaign, title={"en": "Third news"}))
        mailing.move(Mailing.objects.get(update=cancelled), MailingState.CANCELLED)
        mailing.gather()
        mailing.mail()
    with monday(8):
        mailing.gather()
        mailing.mail()
    assert not mailed()
    for hours in (9, 9, 33):
        with monday(hours):
            mailing.gather()
            mailing.mail()
    [mail] = Delivery.objects.filter(purpose="digest")
    assert mail.address == "ada@supporter.test"
    for part in (mail.text, mail.html):
        assert "First news" in part
        assert "Second news" in part
        assert "Third news" not in part
    with monday(10, weeks=1):
        mailing.gather()
        mailing.mail()
    assert len(mailed()) == 1, "no digest without news"


def test_who_changes_the_pace_gets_no_news_twice(update: Update) -> None:
    with monday(11, weeks=-1):
        mailing.gather()
        row = make_subscription(pace=Pace.AT_ONCE)
        let_go(update)
    with monday(12, weeks=-1):
        mailing.mail()
        book.change(row, ["all"], Pace.WEEKLY, "en")
    with monday(10):
        mailing.gather()
        mailing.mail()
    assert len(mailed()) == 1


def stopped(update: Update) -> None:
    mailing.move(Mailing.objects.get(update=update), MailingState.CANCELLED)


def withdrawn(update: Update) -> None:
    Campaign.objects.update(state=CampaignState.WITHDRAWN)


def gone(_update: Update) -> None:
    book.end(Subscription.objects.get())


@pytest.mark.parametrize("happens", [stopped, withdrawn, gone])
def test_news_that_waits_does_not_leave_any_more_and_is_cancelled(update: Update, happens: Any) -> None:
    make_subscription()
    let_go(update)
    mailing.mail()
    happens(update)
    assert not Delivery.objects.ready().exists()
    settling.cancel()
    assert Delivery.objects.get(purpose="news").state == S.CANCELLED


def test_a_digest_with_news_of_a_withdrawn_campaign_does_not_leave(update: Update) -> None:
    with monday(10, weeks=-1):
        mailing.gather()
        make_subscription(pace=Pace.WEEKLY)
        let_go(update)
    with monday(10):
        mailing.gather()
        mailing.mail()
        assert Delivery.objects.ready().count() == 1
        withdrawn(update)
        assert not Delivery.objects.ready().exists()
        settling.cancel()
    assert Delivery.objects.get(purpose="digest").state == S.CANCELLED


def test_a_paused_mailing_waits_and_goes_on(update: Update, settings: Settings) -> None:
    settings.NEWS_PER_HOUR = 60
    for number in range(2):
        make_subscription(email=f"p{number}@supporter.test")
    row = let_go(update)
    mailing.mail()
    assert mailing.move(row, MailingState.PAUSED)
    assert not Delivery.objects.ready().exists()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        mailing.mail()
        assert len(mailed()) == 1
        assert mailing.move(row, MailingState.RUNNING)
        mailing.mail()
        assert Delivery.objects.ready().count() == 2


def test_news_that_is_not_public_is_not_mailed_and_waits_for_it(update: Update) -> None:
    make_subscription()
    let_go(update)
    Update.objects.update(published_at=timezone.now() + dt.timedelta(hours=1))
    mailing.mail()
    assert not mailed()
    Update.objects.update(published_at=timezone.now())
    mailing.mail()
    assert len(mailed()) == 1


def test_who_subscribed_on_trial_gets_nothing_from_the_live_site(update: Update, settings: Settings) -> None:
    settings.DELIVERY_MODE = "capture"
    row = make_subscription()
    settings.DELIVERY_MODE = "live"
    let_go(update)
    mailing.mail()
    assert not mailed()
    make_subscription()
    row.refresh_from_db()
    assert not row.trial, "the first confirmation on the live site makes it real"


def test_links_to_confirm_go_before_news(update: Update) -> None:
    make_subscription()
    let_go(update)
    mailing.mail()
    outbox.request_confirmation(factories.make_letter(update.campaign))
    assert [row.purpose for row in Delivery.objects.ready()] == ["confirm", "news"]


@pytest.fixture
def server(settings: Settings) -> Iterator[FaultySmtpServer]:
    server = FaultySmtpServer()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    yield server
    server.stop()


def parsed(server: FaultySmtpServer) -> EmailMessage:
    [received] = server.received
    return message_from_bytes(received.data, policy=policy.default)


def test_what_arrives_can_be_ended_by_one_click(update: Update, server: FaultySmtpServer) -> None:
    """RFC 8058, section 3.1: an https address (here of the test's site) in List-Unsubscribe and the field beside it."""
    make_subscription()
    let_go(update)
    tasks.sweep()
    mail = parsed(server)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"]
    assert "Reply-To" not in mail
    address = urlsplit(mail["List-Unsubscribe"].strip("<>")).path

    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscription.objects.exists()
    mail_row = Delivery.objects.get(purpose="news")
    assert (mail_row.state, mail_row.address, mail_row.text, mail_row.subscription) == (S.ACCEPTED, "", "", None)


def test_a_mail_that_came_back_for_good_ends_the_subscription(update: Update) -> None:
    subscription = make_subscription()
    make_subscription(email="eve@supporter.test")
    let_go(update)
    mailing.mail()
    book.end_after_bounce(Delivery.objects.get(subscription=subscription))
    assert [row.email for row in Subscription.objects.all()] == ["eve@supporter.test"]


def test_counts_never_hold_news(update: Update) -> None:
    make_subscription()
    let_go(update)
    mailing.mail()
    assert not Delivery.objects.letters().exists()


def test_retention_blanks_what_was_mailed_and_keeps_the_subscription(update: Update, settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    make_subscription()
    let_go(update)
    mailing.mail()
    Delivery.objects.update(state=S.CANCELLED, settled_at=timezone.now() - dt.timedelta(days=31))
    retention.forget()
    mail = Delivery.objects.get(purpose="news")
    assert (mail.address, mail.text, mail.html, mail.subject) == ("", "", "", "")
    assert Subscription.objects.get().email


def test_subscriptions_of_a_trial_are_forgotten_once_the_site_is_live(settings: Settings, db: None) -> None:
    settings.DELIVERY_MODE = "capture"
    make_subscription()
    retention.forget()
    assert Subscription.objects.exists()
    settings.DELIVERY_MODE = "live"
    retention.forget()
    assert not Subscription.objects.exists()


def test_a_bounce_by_mail_for_good_ends_the_subscription_and_a_soft_one_does_not(
    update: Update, server: FaultySmtpServer
) -> None:
    make_subscription()
    let_go(update)
    tasks.sweep()
    mail = Delivery.objects.get(purpose="news")
    receive(comes_back(mail, "exim-full"))
    assert Subscription.objects.exists()
    receive(comes_back(mail, "postfix-unknown"))
    assert not Subscription.objects.exists()


def test_a_mailbox_that_the_server_does_not_know_is_not_mailed_again(update: Update, server: FaultySmtpServer) -> None:
    server.fault("RCPT", reply="550 5.1.1 no such user")
    make_subscription()
    let_go(update)
    tasks.sweep()
    assert Delivery.objects.get(purpose="news").state == S.FAILED
    tasks.sweep()
    assert not Subscription.objects.exists()
