"""After RETENTION_DAYS only counts are left (T35, T36)."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign
from letters.counting.tallies import Scope, rows_by
from letters.keeping import retention
from letters.models import Delivery, DeliveryState, Letter, LetterState, LetterText, ReportedAction
from letters.sending import notices, outbox
from tests.factories import make_campaign, make_letter, make_office

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
S = DeliveryState


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(make_office(), make_office())


def confirmed(campaign: Campaign, days_ago: int, *states: DeliveryState) -> Letter:
    """A letter confirmed so long ago, whose deliveries came to these states on the same day."""
    letter = make_letter(campaign, trial=False)
    letter.texts.create(language="en", body="Own words")
    outbox.request_confirmation(letter)
    outbox.confirm(letter)
    then = timezone.now() - days_ago * DAY
    Letter.objects.filter(pk=letter.pk).update(confirmed_at=then, confirmed_on=then.date())
    Delivery.objects.filter(letter=letter).update(state=S.CANCELLED, settled_at=then)
    left = {"handed_over_at": then, "handed_over_on": then.date(), "hold_reason": "moderation"}
    for delivery, state in zip(letter.deliveries.letters(), states, strict=True):
        Delivery.objects.filter(pk=delivery.pk).update(state=state, **left)
    return letter


def test_t35_a_letter_is_forgotten_when_its_last_news_is_old(campaign: Campaign, settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    old, young = confirmed(campaign, 31, S.ACCEPTED, S.BOUNCED), confirmed(campaign, 29, S.ACCEPTED, S.FAILED)
    before = list(rows_by(Scope(), ["campaign", "office", "channel", "country", "day"]))

    assert retention.forget() == 1
    assert retention.forget() == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.name, old.email, young.state) == ("erased", "", "", "confirmed")
    assert young.email
    for delivery in Delivery.objects.filter(letter=old):
        assert not delivery.text + delivery.html + delivery.sender + delivery.reply_to
        assert delivery.role != "service" or not delivery.address
    assert [text.letter for text in LetterText.objects.all()] == [young]
    assert list(rows_by(Scope(), ["campaign", "office", "channel", "country", "day"])) == before, "counts are unchanged"


def test_t35_nothing_is_forgotten_while_something_may_still_leave(campaign: Campaign, settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    for state in (S.QUEUED, S.DEFERRED, S.HELD, S.UNKNOWN):
        letter = confirmed(campaign, 40, S.ACCEPTED, state)
        Delivery.objects.filter(letter=letter, state=state).update(settled_at=None)

    assert retention.forget() == 0


def test_t35_what_nobody_decided_about_is_given_up_told_and_then_forgotten(
    campaign: Campaign, settings: Settings
) -> None:
    settings.RETENTION_DAYS, settings.DELIVERY_MODE = 30, "live"
    letter = confirmed(campaign, 40, S.ACCEPTED, S.UNRESOLVED)
    Delivery.objects.filter(state=S.UNRESOLVED).update(settled_at=None)

    assert retention.forget() == 0
    assert not letter.deliveries.filter(state=S.UNRESOLVED).exists()
    notices.tell()
    assert Delivery.objects.get(purpose="failure").address == letter.email


def test_t35_bundles_of_copies_and_notes_of_reports_go_too(campaign: Campaign, settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    then = timezone.now() - 31 * DAY
    bundle = Delivery.objects.create(
        campaign=campaign, role="service", purpose="copies", channel="email", text="Words", html="Words", language="en"
    )
    Delivery.objects.update(state=S.CAPTURED, settled_at=then)
    report = ReportedAction.objects.create(campaign=campaign, way="post", done_on=then, note="Words", form_key="x")
    ReportedAction.objects.update(created_at=then)

    retention.forget()
    bundle.refresh_from_db()
    report.refresh_from_db()
    assert (bundle.text, bundle.html, report.note, report.number) == ("", "", "", 1)


def test_an_operator_can_do_it_now(campaign: Campaign) -> None:
    confirmed(campaign, 400, S.ACCEPTED, S.ACCEPTED)
    output = StringIO()
    call_command("forget", stdout=output)

    assert "Letters forgotten: 1." in output.getvalue()
    assert Letter.objects.get().state == LetterState.ERASED
