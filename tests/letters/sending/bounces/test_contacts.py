"""When an address is watched, given up and trusted again."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User

from campaigns.models import ContactDetail
from letters.models import Cause, ContactEvent
from letters.sending.bounces import contacts
from tests.letters.sending.bounces.coming_back import sent

pytestmark = pytest.mark.django_db

K = ContactEvent.Kind
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def contact() -> ContactDetail:
    found = sent().contact
    assert found
    return found


def happen(contact: ContactDetail, *events: tuple[float, str, str]) -> str:
    """Let events happen, each so many days after the start, and return the address's state after the last."""
    delivery = contact.deliveries.get()
    for day, kind, cause in events:
        with time_machine.travel(START + dt.timedelta(days=day)):
            ContactEvent.objects.create(contact=contact, delivery=delivery, kind=kind, cause=cause)
            contacts.judge(contact)
    contact.refresh_from_db()
    return contact.state


@pytest.mark.parametrize("cause", [Cause.NO_MAILBOX, Cause.NO_DOMAIN, Cause.MOVED, Cause.CLOSED])
def test_an_address_that_is_gone_is_given_up_at_once(contact: ContactDetail, cause: str) -> None:
    assert happen(contact, (0, K.HARD, cause)) == "bounced"


def test_another_refusal_must_come_on_a_second_day(contact: ContactDetail) -> None:
    assert happen(contact, (0, K.HARD, Cause.POLICY), (0.1, K.HARD, Cause.SPAM)) == "soft_bouncing"
    assert happen(contact, (1, K.HARD, Cause.POLICY)) == "bounced"


def test_what_may_pass_must_come_on_five_days_of_five_weeks(contact: ContactDetail) -> None:
    many = [(0, K.SOFT, Cause.FULL)] * 20
    assert happen(contact, *many, *[(day, K.SOFT, Cause.FULL) for day in (1, 2, 3)]) == "soft_bouncing"
    assert happen(contact, (4, K.SOFT, Cause.UNREACHABLE)) == "bounced"


def test_five_days_in_more_than_five_weeks_are_not_enough(contact: ContactDetail) -> None:
    assert happen(contact, *[(day, K.SOFT, Cause.FULL) for day in (0, 10, 20, 30, 40)]) == "soft_bouncing"


def test_an_answer_sets_it_right(contact: ContactDetail) -> None:
    before = [(day, K.SOFT, Cause.FULL) for day in (0, 1, 2, 3)]
    assert happen(contact, *before, (3.5, K.ARRIVED, "")) == "ok"
    assert happen(contact, (4, K.SOFT, Cause.FULL)) == "soft_bouncing"


@pytest.mark.parametrize("cause", [Cause.SIZE, Cause.LOOP, Cause.UNSIGNED, Cause.SERVER])
def test_what_is_not_its_fault_says_nothing(contact: ContactDetail, cause: str) -> None:
    assert happen(contact, *[(day, K.HARD, cause) for day in range(6)]) == "ok"


def test_an_organiser_knows_better(contact: ContactDetail) -> None:
    happen(contact, (0, K.HARD, Cause.NO_MAILBOX))
    user = User.objects.create_user("olga")

    with time_machine.travel(START + dt.timedelta(days=1)):
        contacts.restore(contact, user.pk)

    contact.refresh_from_db()
    assert (contact.state, contact.checked_on) == ("ok", dt.date(2026, 3, 2))
    assert ContactEvent.objects.of(contact).first().by == user  # type: ignore[union-attr]
    assert happen(contact, (2, K.HARD, Cause.POLICY)) == "soft_bouncing", "what came back before counts no more"


@pytest.mark.parametrize("state", ["lost", "refused"])
def test_what_an_organiser_has_said_is_not_overruled(contact: ContactDetail, state: str) -> None:
    ContactDetail.objects.filter(pk=contact.pk).update(state=state)

    assert happen(contact, (0, K.HARD, Cause.NO_MAILBOX), (1, K.ARRIVED, "")) == state


def test_five_weeks_of_quiet_make_it_trusted_again(contact: ContactDetail) -> None:
    happen(contact, (0, K.SOFT, Cause.FULL))
    states = []
    for day in (34, 36):
        with time_machine.travel(START + dt.timedelta(days=day)):
            contacts.mend()
        contact.refresh_from_db()
        states.append(contact.state)

    assert states == ["soft_bouncing", "ok"]


def test_a_fax_number_that_rests_is_not_mended_by_the_clock_of_mails(contact: ContactDetail) -> None:
    ContactDetail.objects.filter(pk=contact.pk).update(state="soft_bouncing")

    contacts.mend()

    contact.refresh_from_db()
    assert contact.state == "soft_bouncing", "nothing is known of why it is watched"
