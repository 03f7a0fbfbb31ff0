"""Events from the public: nothing of them is public before a moderator's yes, and a yes is given once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign, Event, ReportedFigure
from letters.keeping import retention
from letters.models import Proposal
from letters.writing import events
from prisoners.fields import FuzzyDate, Precision, Translated
from tests import factories
from tests.letters.writing.supporter import Supporter
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
FORM = "/campaigns/free-vera/events/add/"


@pytest.fixture
def campaign() -> Campaign:
    return factories.make_campaign(slug="free-vera")


def planned(**typed: Any) -> Supporter:
    day = timezone.localdate() + dt.timedelta(days=10)
    answers = {
        "name": "Vigil for Vera",
        "day": day.isoformat(),
        "hour": "18:30",
        "city": "Oslo",
        "country": "NO",
        "text": "We meet before the embassy.",
        "organiser": "Union",
        "safety_note": "Step-free.",
        "contact": "X",
    }
    supporter = Supporter()
    supporter.open(FORM)
    supporter.submit(**{**answers, **typed})
    return supporter


def decide(action: str = "accept", role: str = "moderator", **data: str) -> Any:
    desk = Client()
    desk.force_login(make_staff(role))
    chosen = list(Proposal.objects.values_list("pk", flat=True))
    return desk.post("/admin/letters/proposal/", {"action": action, "_selected_action": chosen, **data})


def public() -> str:
    return "".join(
        Client().get(path).content.decode() for path in ("/events/", "/campaigns/free-vera/", "/events/all.ics")
    )


def test_an_event_is_public_after_a_moderators_yes_and_not_before(campaign: Campaign) -> None:
    assert "moderator reads it" in planned().text
    assert not Event.objects.exists()
    assert b"Vigil for Vera" in decide().content, "the moderator reads it before the yes"
    assert "Vigil" not in public()

    decide(yes="yes")
    decide(yes="yes")
    [event] = Event.objects.all()
    page = public()
    for words in ("Vigil for Vera", "Oslo, Norway", "18:30", "before the embassy", "Step-free."):
        assert words in page
    assert "ask-the-organiser" not in page, "whom we may ask is shown to nobody"
    assert (event.campaign, str(event.organiser)) == (campaign, "Union")
    assert Proposal.objects.get().state == "accepted"


def test_what_is_refused_stays_unseen(campaign: Campaign) -> None:
    planned()
    decide("refuse", yes="yes")
    decide("accept", yes="yes")
    assert "Vigil" not in public()
    assert Proposal.objects.get().state == "rejected"


def test_only_moderators_and_organisers_decide_and_nobody_about_others_campaigns(campaign: Campaign) -> None:
    planned()
    assert decide(role="coordinator", yes="yes").status_code == 403
    campaign.editors.add(make_staff("organiser"))
    decide(role="organiser", yes="yes")
    assert not Event.objects.exists()


def test_what_happened_is_added_after_a_yes_with_a_number_of_its_own(campaign: Campaign) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    event = factories.make_event(campaign, date=FuzzyDate(Translated(), Precision.DAY, yesterday, yesterday))
    later = factories.make_event(campaign, name={"en": "Later"}, starts_at=timezone.now() + dt.timedelta(days=1))
    page = Client().get("/events/").content.decode()
    assert f"/events/{event.pk}/report/" in page
    assert f"/events/{later.pk}/report/" not in page

    supporter = Supporter()
    supporter.open(f"/events/{event.pk}/report/")
    supporter.submit(text="Forty people stood in the rain.", number="40")
    assert "Forty" not in public()
    decide(yes="yes")
    event.refresh_from_db()
    assert str(event.report) == "Forty people stood in the rain."
    [figure] = ReportedFigure.objects.all()
    assert (figure.number, figure.qualifier, str(figure.counted_by)) == (40, "about", "somebody who was there")

    Proposal.objects.update(state="waiting")
    events.accept(Proposal.objects.get())
    event.refresh_from_db()
    assert str(event.report).count("Forty people") == 2, "a second report is added and replaces nothing"


def test_the_same_form_twice_is_one_proposal(campaign: Campaign) -> None:
    supporter = Supporter()
    form = supporter.open(FORM)
    day = timezone.localdate().isoformat()
    for _number in range(2):
        supporter.page = form
        supporter.submit(name="V", day=day, city="Oslo", country="NO", text="We meet.")
    assert Proposal.objects.count() == 1


WRONG: list[dict[str, str]] = [
    *({"name": ""}, {"day": "2001-01-01"}, {"day": "soon"}, {"hour": "late"}, {"country": ""}, {"city": "a\nb"}),
    *({"text": ""}, {"website": "spam"}),
]


@pytest.mark.parametrize("typed", WRONG)
def test_a_form_with_an_error_keeps_what_was_typed(campaign: Campaign, typed: dict[str, Any]) -> None:
    supporter = planned(**{"organiser": "Kept words", **typed})
    assert supporter.page.status_code == 400
    assert "Kept words" in supporter.page.content.decode()
    assert not Proposal.objects.exists()


def test_a_network_has_its_share_and_the_text_comes_back(campaign: Campaign, settings: Any) -> None:
    settings.NETWORK_ALLOWANCE = 2
    planned()
    again = planned(text="Kept words")
    assert again.page.status_code == 429
    assert "Kept words" in again.page.content.decode()


def test_a_campaign_that_is_over_takes_no_events(campaign: Campaign) -> None:
    Campaign.objects.update(state="paused")
    assert Client().get(FORM).status_code == 409


def test_t35_proposals_are_forgotten_and_their_words_encrypted(campaign: Campaign, settings: Any) -> None:
    planned()
    assert not Proposal.objects.filter(text__contains="embassy").exists()
    Proposal.objects.update(created_at=timezone.now() - dt.timedelta(days=settings.RETENTION_DAYS + 1))
    retention.forget()
    assert not Proposal.objects.exists()
