"""“Check your email”: sent again, moved to another address, and no way to bomb or find out anybody (T11, T17)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db.models.functions import Now
from django.test import Client

from campaigns.models import Campaign
from letters.models import Delivery, Letter
from letters.sending import notices
from tests import factories
from tests.letters.writing.supporter import Supporter, mailed_links, written

pytestmark = pytest.mark.django_db


def mails() -> int:
    return Delivery.objects.filter(purpose="confirm").count()


def test_the_mail_is_sent_again_after_a_minute_and_three_times_a_day(campaign: Campaign) -> None:
    with time_machine.travel("2026-11-21 10:00Z", tick=False) as clock:
        supporter = written(campaign)
        for wait, sent in ((30, 1), (31, 2), (61, 3), (61, 3), (7200, 3)):
            clock.shift(dt.timedelta(seconds=wait))
            supporter.submit(0)
            assert mails() == sent
        clock.shift(dt.timedelta(days=1))
        supporter.submit(0)
        assert mails() == 4


@pytest.mark.slow
def test_t11_a_hundred_requests_for_one_address_bring_three_mails_at_most(campaign: Campaign, settings: object) -> None:
    settings.NETWORK_ALLOWANCE = 1000  # type: ignore[attr-defined]  # pytest-django's settings
    with time_machine.travel("2026-11-21 10:00Z", tick=False) as clock:
        for number in range(100):
            clock.shift(dt.timedelta(seconds=61))
            written(campaign, email=f"victim+{number}@supporter.test", name="BUY PILLS", own_words="http://spam.test")

        clock.shift(dt.timedelta(hours=24))
        Letter.objects.update(created_at=Now() - dt.timedelta(hours=25), expires_at=Now() + dt.timedelta(hours=47))
        notices.remind()

    assert Letter.objects.count() == 100
    assert mails() == 3
    assert Delivery.objects.filter(purpose="reminder").count() <= 3
    for mail in Delivery.objects.filter(purpose="confirm"):
        assert "PILLS" not in mail.subject + mail.text + mail.html + mail.sender
        assert "spam.test" not in mail.text + mail.html


def test_who_confirms_may_write_on_the_same_day(campaign: Campaign) -> None:
    with time_machine.travel("2026-11-21 10:00Z", tick=False) as clock:
        for _number in range(6):
            clock.shift(dt.timedelta(seconds=61))
            written(factories.make_campaign(factories.make_office()), own_words="Release her.")
            Client().post(mailed_links()[-1])

    assert Letter.objects.confirmed().count() == 6


def test_a_wrong_address_is_changed_and_the_old_link_becomes_useless(campaign: Campaign) -> None:
    supporter = written(campaign, email="wrnog@supporter.test")
    supporter.submit(1, email="right@supporter.test")
    old, new = mailed_links()

    assert "right@supporter.test" in supporter.text
    assert Client().post(old).status_code == 404
    assert Client().post(new).status_code == 302
    assert Delivery.objects.filter(purpose="confirm").order_by("pk").last().address == "right@supporter.test"  # type: ignore[union-attr]


def test_a_bad_new_address_is_an_error_that_keeps_what_was_typed(campaign: Campaign) -> None:
    supporter = written(campaign)
    page = supporter.submit(1, email="right@")

    assert page.status_code == 400
    assert "<title>Error:" in page.content.decode()
    assert 'value="right@"' in page.content.decode()
    assert mails() == 1


@pytest.mark.parametrize("spelling", ["office@ministry.test", "OFFICE@Ministry.test", "office+x@ministry.test"])
def test_nobody_writes_in_the_name_of_an_office(campaign: Campaign, supporter: Supporter, spelling: str) -> None:
    factories.make_contact(value="office@ministry.test")
    supporter.open_form(campaign)
    page = supporter.check(email=spelling)

    assert page.status_code == 400
    assert "address of an office" in supporter.text


@time_machine.travel("2026-11-21 10:00Z", tick=False)
def test_t17_nobody_can_tell_who_wrote_before(campaign: Campaign) -> None:
    written(campaign, email="known@supporter.test")
    Client().post(mailed_links()[0])
    pages = []
    for email in ("known@supporter.test", "fresh@supporter.test"):
        supporter = written(campaign, email=email)
        page = supporter.page.content.decode()
        token = supporter.address.split("/")[2]
        pages.append((supporter.page.status_code, page.replace(email, "").replace(token, "")))

    assert pages[0] == pages[1]
