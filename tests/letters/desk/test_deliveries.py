"""What the desk may decide about deliveries, and what nobody may."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, CampaignTarget, ContactDetail, ContactState
from letters.counting.tallies import tally
from letters.models import Delivery, DeliveryLog, DeliveryState
from tests import factories
from tests.letters.counting.conftest import delivery, letter
from tests.staff import make_staff

LIST = "admin:letters_delivery_changelist"


@pytest.fixture
def campaign(db: None) -> Campaign:
    return factories.make_campaign(factories.make_office("email", "fax"))


@pytest.fixture
def office(campaign: Campaign) -> CampaignTarget:
    return campaign.targets.get()


@pytest.fixture
def moderator(client: Client, db: None) -> Client:
    client.force_login(make_staff("moderator"))
    return client


def ask(client: Client, action: str, *rows: Delivery, **more: Any) -> Any:
    """Choose rows and an action in the list, as the browser sends it."""
    return client.post(reverse(LIST), {"action": action, "_selected_action": [row.pk for row in rows], **more})


def decide(client: Client, action: str, *rows: Delivery) -> Any:
    """Ask, and say yes to what the page shows."""
    facts = ask(client, action, *rows).context["facts"]
    return ask(client, action, *rows, yes="yes", **{f"facts_{pk}": version for pk, version in facts.items()})


def states(*rows: Delivery) -> list[str]:
    return [Delivery.objects.get(pk=row.pk).state for row in rows]


def test_the_page_asks_first_and_changes_nothing(moderator: Client, campaign: Campaign, office: CampaignTarget) -> None:
    held = delivery(letter(campaign), office, "held")
    gone = delivery(letter(campaign), office, "accepted")

    page = ask(moderator, "drop", held, gone)

    assert page.context["possible"] == [("held", 1)]
    assert page.context["impossible"] == 1
    assert states(held, gone) == ["held", "accepted"]


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("release", "held", "queued"),
        ("drop", "held", "cancelled"),
        ("drop", "queued", "cancelled"),
        ("drop", "deferred", "cancelled"),
        ("drop", "unresolved", "cancelled"),
        ("retry", "deferred", "queued"),
        ("resend", "unresolved", "queued"),
        ("arrived", "unresolved", "accepted"),
    ],
)
def test_a_decision_moves_what_it_may(
    action: str, before: str, after: str, moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    row = delivery(letter(campaign), office, before, handed_over_at=timezone.now(), handed_over_on=timezone.localdate())

    decide(moderator, action, row)

    assert states(row) == [after]
    moves = [(move.from_state, move.to_state) for move in DeliveryLog.objects.filter(delivery=row)]
    assert moves == [(before, after)]
    entry = LogEntry.objects.get()
    assert DeliveryLog.objects.get(delivery=row).owner == f"user {entry.user_id}", "the log says who decided"
    assert (entry.object_id, entry.object_repr) == (str(row.pk), f"{action}: 1")


@pytest.mark.parametrize("action", ["release", "drop", "retry", "resend", "arrived", "replace"])
@pytest.mark.parametrize("state", ["accepted", "delivered", "captured", "cancelled", "expired", "unknown"])
def test_what_left_or_ended_is_never_moved(
    action: str, state: str, moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    row = delivery(letter(campaign), office, state)

    decide(moderator, action, row)

    assert states(row) == [state]
    assert Delivery.objects.count() == 1


def test_what_nobody_knows_is_shown_with_all_that_is_known(
    moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    row = delivery(letter(campaign), office, "queued")
    [claimed] = Delivery.objects.filter(pk=row.pk).claim("w", 1)
    claimed.advance(DeliveryState.HANDING_OVER)
    claimed.advance(DeliveryState.UNKNOWN, reason="body: No answer: timed out")
    claimed.owner = ""
    claimed.advance(DeliveryState.UNRESOLVED, reason="no evidence within a day")

    page = ask(moderator, "resend", row).content.decode()

    assert "body: No answer: timed out" in page
    assert "no evidence within a day" in page
    assert states(row) == ["unresolved"]


def test_who_sees_a_delivery_sees_each_of_its_moves(
    moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    held = delivery(letter(campaign), office, "held")
    decide(moderator, "drop", held)

    page = moderator.get(reverse("admin:letters_delivery_change", args=[held.pk]))
    (log,) = [inline for inline in page.context["inline_admin_formsets"] if inline.opts.model is DeliveryLog]
    assert [form.instance.to_state for form in log.formset.forms] == ["cancelled"]


def test_a_pause_is_not_released_here(moderator: Client, campaign: Campaign, office: CampaignTarget) -> None:
    row = delivery(letter(campaign), office, "held", hold_reason="campaign_paused")

    decide(moderator, "release", row)

    assert states(row) == ["held"]


def test_release_remembers_the_facts_that_were_on_the_page(
    moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    row = delivery(letter(campaign), office, "held", hold_reason="facts_changed")
    page = ask(moderator, "release", row)
    Campaign.objects.update(facts_version=9)

    ask(moderator, "release", row, yes="yes", **{f"facts_{campaign.pk}": page.context["facts"][campaign.pk]})

    assert Delivery.objects.get().released_facts_version == 1


def test_mail_of_this_site_is_nobodys_to_decide_about(moderator: Client, campaign: Campaign) -> None:
    mail = Delivery.objects.create(
        campaign=campaign, role="service", purpose="confirm", channel="email", language="en", text_hash="x"
    )

    decide(moderator, "drop", mail)

    assert states(mail) == ["queued"]


def test_letters_of_a_campaign_with_other_editors_stay(
    moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    campaign.editors.add(make_staff("organiser"))
    row = delivery(letter(campaign), office, "held")

    decide(moderator, "drop", row)

    assert states(row) == ["held"]


@pytest.mark.parametrize("role", ["coordinator", "translator", ""])
def test_others_cannot_decide(role: str, client: Client, campaign: Campaign, office: CampaignTarget) -> None:
    client.force_login(make_staff(*[role] if role else []))
    row = delivery(letter(campaign), office, "held")

    assert ask(client, "drop", row, yes="yes", **{f"facts_{campaign.pk}": 1}).status_code == 403
    assert states(row) == ["held"]


def test_what_came_back_goes_to_the_corrected_address_and_counts_once(
    moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    back = delivery(letter(campaign), office, "bounced", address="old@ministry.test", text="Free her")
    ContactDetail.objects.filter(channel="email").update(value="new@ministry.test")

    decide(moderator, "replace", back)

    again = Delivery.objects.get(replaces=back)
    assert (again.address, again.text, again.state, again.text_hash) == (
        "new@ministry.test", "Free her", "queued", back.text_hash
    )  # fmt: skip
    assert again.message_id != back.message_id
    again.state, again.handed_over_at, again.handed_over_on = "accepted", timezone.now(), timezone.localdate()
    again.save()
    decide(moderator, "replace", back)
    assert Delivery.objects.count() == 2
    assert tally().handed_over == 1


def test_without_a_working_mailbox_the_letter_goes_by_fax(
    moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    back = delivery(letter(campaign), office, "failed", text="Free her")
    ContactDetail.objects.filter(channel="email").update(state=ContactState.BOUNCED)

    decide(moderator, "replace", back)

    assert Delivery.objects.get(replaces=back).channel == "fax"


@pytest.mark.parametrize("why", ["no address works", "too late", "erased"])
def test_what_cannot_be_sent_again_stays_as_it_is(
    why: str, moderator: Client, campaign: Campaign, office: CampaignTarget
) -> None:
    back = delivery(letter(campaign), office, "failed", text="Free her")
    if why == "no address works":
        ContactDetail.objects.update(state=ContactState.BOUNCED)
    elif why == "too late":
        Delivery.objects.update(deliver_by=timezone.now() - dt.timedelta(days=1))
    else:
        Delivery.objects.update(text="")

    decide(moderator, "replace", back)

    back.refresh_from_db()
    assert Delivery.objects.count() == 1
    assert back.replaced_at is None
