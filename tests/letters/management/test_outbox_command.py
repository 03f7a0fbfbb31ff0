"""The outbox from a shell: what an operator sees, stops, lets go and gives up."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign, CampaignState, CampaignTarget
from letters.models import Brake, Delivery, DeliveryState, Heartbeat
from letters.sending import outbox, settling
from tests.factories import make_campaign, make_letter, make_office

pytestmark = pytest.mark.django_db

S = DeliveryState


@pytest.fixture(autouse=True)
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


@pytest.fixture
def delivery() -> Delivery:
    outbox.confirm(make_letter(make_campaign(make_office(slug="prosecutor"), slug="free-vera")))
    return Delivery.objects.get()


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("outbox", *arguments, stdout=output)
    return output.getvalue()


SCOPES = [("--everything",), ("--channel", "email"), ("--campaign", "free-vera"), ("--office", "prosecutor")]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope[0])
def test_a_pause_stops_the_next_hand_over_and_a_resume_lets_it_go(delivery: Delivery, scope: tuple[str, ...]) -> None:
    run("pause", *scope)
    assert not Delivery.objects.ready().exists()
    settling.hold()

    run("resume", *scope)
    settling.release()
    assert Delivery.objects.ready().get() == delivery


def test_one_delivery_can_be_held_and_released(delivery: Delivery) -> None:
    run("pause", "--delivery", str(delivery.pk), "--reason", "odd words")
    held = Delivery.objects.get()
    assert (held.state, held.reason) == (S.HELD, "odd words")

    run("resume", "--delivery", str(delivery.pk))
    assert Delivery.objects.get().state == S.QUEUED


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope[0])
def test_a_cancel_gives_up_what_waits_and_leaves_what_left(delivery: Delivery, scope: tuple[str, ...]) -> None:
    outbox.confirm(make_letter(Campaign.objects.get()))
    [row] = Delivery.objects.ready().claim("w", 1)
    row.advance(S.HANDING_OVER)
    row.advance(S.ACCEPTED)

    assert "1 cancelled" in run("cancel", *scope)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == [S.ACCEPTED, S.CANCELLED]


def test_a_resume_never_opens_a_campaign_that_ended(delivery: Delivery) -> None:
    Campaign.objects.update(state=CampaignState.STOPPED)
    run("resume", "--campaign", "free-vera")
    assert Campaign.objects.get().state == CampaignState.STOPPED


def test_the_status_names_states_brakes_and_workers(delivery: Delivery) -> None:
    Brake.objects.create(reason="the relay is abused")
    run("sweep")

    report = run("status")

    assert "1  queued" in report
    assert "STOPPED: everything" in report
    assert "the relay is abused" in report
    assert Heartbeat.objects.workers().get().worker in report


def test_a_sweep_from_the_shell_needs_no_worker(settings: Settings) -> None:
    settings.DELIVERY_MODE = "capture"
    outbox.confirm(make_letter(make_campaign(make_office())))
    run("sweep")
    assert Delivery.objects.get().state == S.CAPTURED


WRONG = [
    (("pause",), "Say what to pause"),
    (("cancel", "--campaign", "nothing"), "There is no campaign nothing"),
    (("pause", "--office", "nobody"), "No campaign addresses an office nobody"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_a_scope_that_is_missing_or_unknown_is_named(
    delivery: Delivery, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)
    assert Delivery.objects.get().state == S.QUEUED
    assert not CampaignTarget.objects.filter(paused=True).exists()


def test_a_campaign_that_opened_by_itself_is_paused_too(delivery: Delivery) -> None:
    Campaign.objects.update(state="scheduled", opens_at=timezone.now())

    run("pause", "--campaign", "free-vera")

    assert Campaign.objects.get().state == "paused"
