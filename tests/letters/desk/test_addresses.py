"""What organisers see of an address that rests, and how they set it right."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from letters.models import ContactEvent, Delivery, DeliveryState
from letters.sending import outbox, pacing
from letters.sending.bounces.incoming import receive
from letters.sending.carrier import Carrier
from tests.factories import make_letter
from tests.letters.sending.bounces.coming_back import comes_back, contact_state, sent, state_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

LIST = "admin:campaigns_contactdetail_changelist"


@pytest.fixture
def bounced(client: Client, settings: Settings) -> Delivery:
    """Return a letter whose address bounced, with an organiser at the desk."""
    settings.DELIVERY_MODE, settings.MAILBOX_PER_HOUR, settings.MAIL_DOMAIN_PER_HOUR = "live", 0, 0
    delivery = sent()
    receive(comes_back(delivery, "postfix-unknown"))
    client.force_login(make_staff("organiser"))
    return delivery


def address_page(delivery: Delivery) -> str:
    return reverse("admin:campaigns_contactdetail_change", args=[delivery.contact_id])


def test_the_list_and_the_page_of_an_address_say_why_it_rests(client: Client, bounced: Delivery) -> None:
    listed = client.get(reverse(LIST), {"state": "bounced"}).content.decode()
    shown = client.get(address_page(bounced)).content.decode()

    assert "there is no such mailbox" in listed
    for words in ("a letter came back for good", "there is no such mailbox", "5.1.1", "User unknown in virtual"):
        assert words in shown


def test_an_organiser_who_knows_better_marks_it_as_working_and_that_is_written_down(
    client: Client, bounced: Delivery
) -> None:
    client.post(reverse(LIST), {"action": "mark_checked", "_selected_action": [bounced.contact_id]})

    assert contact_state(bounced) == "ok"
    assert ContactEvent.objects.filter(kind="restored", by__isnull=False).count() == 1
    assert state_of(bounced) == DeliveryState.BOUNCED, "what came back stays so"


def test_whoever_corrects_an_address_is_told_what_can_be_sent_again(client: Client, bounced: Delivery) -> None:
    contact = bounced.contact
    assert contact
    form = {"channel": "email", "value": "new@embassy.test", "state": "ok", "checked_on": "", "source": "", "route": ""}

    answer = client.post(
        address_page(bounced),
        {**form, **{f"{n}-{k}": "0" for n in ["mail_events"] for k in ("TOTAL_FORMS", "INITIAL_FORMS")}},
        follow=True,
    )

    said = answer.content.decode()
    assert "1 letter to the former address did not arrive and can be sent again" in said
    where = f"{reverse('admin:letters_delivery_changelist')}?contact__id__exact={contact.pk}"
    assert where.replace("&", "&amp;") in said
    chosen = {"action": "replace", "_selected_action": [bounced.pk], "yes": "yes"}
    client.post(where, chosen, follow=True)
    again = Delivery.objects.get(replaces=bounced)
    assert (again.address, again.state, again.text) == ("new@embassy.test", DeliveryState.QUEUED, bounced.text)


def test_what_waits_for_a_dead_address_fails_and_never_leaves(client: Client, bounced: Delivery) -> None:
    campaign = bounced.campaign
    letter = make_letter(campaign)
    outbox.confirm(letter)
    waiting = Delivery.objects.get(letter=letter)
    Delivery.objects.filter(pk=waiting.pk).update(contact=bounced.contact, address=bounced.address)

    with Carrier(lambda: False) as carrier:
        carrier.carry(pacing.claim("worker", 10))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (DeliveryState.FAILED, "the address does not work any more")
