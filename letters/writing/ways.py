"""What supporters do by themselves besides letters: call, post in public, visit, have a letter delivered by hand."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.directory.reach import Office
from campaigns.models import SOCIAL, Ask, Campaign, Channel, ContactDetail, ModelLetter, Target
from letters.wording import model_body
from letters.writing.offer import Offer, is_for
from letters.writing.zones import local, usual_hours, zone_of
from prisoners.fields import Shown

MOST_DEMANDS = 2


@dataclass(frozen=True)
class Call:
    """An office with a telephone: when somebody may answer, in its time and in the supporter's where that is known."""

    office: Office
    contact: ContactDetail
    script: Shown
    now_there: dt.datetime | None
    opens: dt.time | None
    closes: dt.time | None


@dataclass(frozen=True)
class Place:
    """An office that can be visited: its addresses and hours."""

    office: Office
    contacts: list[ContactDetail]


def calls(offer: Offer) -> list[Call]:
    """The offices of the campaign that have a telephone, in order."""
    reached = ((office, office.contact(Channel.PHONE)) for office in offer.offices)
    return [call(offer, office, contact) for office, contact in reached if contact]


def call(offer: Offer, office: Office, contact: ContactDetail) -> Call:
    now = timezone.now()
    name = office.target.time_zone if office.target else ""
    there = zoneinfo.ZoneInfo(name) if name else None
    here = zone_of(offer.country, now) if offer.country else None
    opens, closes = usual_hours(there, here, now) if there and here else (None, None)
    return Call(office, contact, script(offer, office), local(now, there) if there else None, opens, closes)


def script(offer: Offer, office: Office) -> Shown:
    """What to say: the organisers' script, else four lines from what the campaign demands."""
    written = text_of(offer, ModelLetter.Kind.CALL, office)
    if written.text:
        return written
    asked = [str(demand.text) for demand in offer.campaign.demands.all()[:MOST_DEMANDS]]
    lines = [
        _("Good day. My name is …, and I am calling from …"),
        _("I am calling about this: %(campaign)s.") % {"campaign": offer.campaign.title},
        *(_("I ask for this: %(demand)s") % {"demand": demand} for demand in asked),
        _("Thank you for listening. Please pass this on. Goodbye."),
    ]
    return Shown("\n".join(lines), get_language() or "")


def text_of(offer: Offer, kind: str, office: Office | None = None) -> Shown:
    """The organisers' text of a kind, for an office if one is given, in the language of the page or the nearest."""
    for letter in offer.campaign.letters.filter(kind=kind).prefetch_related("offices", "points"):
        language = letter.body.shown(get_language()).language or offer.campaign.language
        text = model_body(letter, language)
        if text and (office is None or is_for(letter, office)):
            return Shown(text, language)
    return Shown("", "")


def post(offer: Offer) -> Shown:
    """A text for social media: the organisers', else what is asked and where to read on."""
    written = text_of(offer, ModelLetter.Kind.SOCIAL)
    link = settings.SITE_URL + offer.campaign.get_absolute_url()
    title = offer.campaign.title.shown(get_language())
    shown = written if written.text else title
    return Shown(shown.text if link in shown.text else f"{shown.text}\n{link}", shown.language)


def accounts(offer: Offer) -> list[Place]:
    """The offices with accounts on social networks."""
    return with_contacts(offer.offices, SOCIAL)


def places(offer: Offer) -> list[Place]:
    """The offices that can be gone to: those who receive visitors, and the missions with a street address."""
    missions = [office for office in offer.offices if office.target and office.target.kind == Target.Kind.MISSION]
    others = [office for office in offer.offices if office not in missions]
    found = [
        *with_contacts(missions, (Channel.IN_PERSON, Channel.POST)),
        *with_contacts(others, (Channel.IN_PERSON,)),
    ]
    return sorted(found, key=lambda place: offer.offices.index(place.office))


def with_contacts(offices: Iterable[Office], channels: Iterable[str]) -> list[Place]:
    """Those of `offices` that have usable addresses of these channels."""
    wanted = set(channels)
    usable = ((office, [c for c in office.contacts if c.channel in wanted and c.is_usable]) for office in offices)
    return [Place(office, contacts) for office, contacts in usable if contacts]


def asks(campaign: Campaign, *kinds: str) -> list[Ask]:
    """What the campaign itself says of these ways."""
    return [ask for ask in campaign.asks.all() if ask.kind in kinds]


def ways_open(offer: Offer) -> dict[str, bool]:
    """Which of the pages of this module have something on them."""
    return {
        "call": bool(calls(offer)),
        "social": bool(accounts(offer) or asks(offer.campaign, Ask.Kind.SOCIAL)),
        "visit": bool(places(offer) or asks(offer.campaign, Ask.Kind.VISIT, Ask.Kind.PICKET)),
        "by_hand": bool(offer.campaign.delivery_note),
    }


PAGES: dict[str, Any] = {
    "call": lambda offer: {"calls": calls(offer), "asks": asks(offer.campaign, Ask.Kind.CALL)},
    "social": lambda offer: {
        "post": post(offer),
        "places": accounts(offer),
        "asks": asks(offer.campaign, Ask.Kind.SOCIAL),
    },
    "visit": lambda offer: {
        "places": places(offer),
        "asks": asks(offer.campaign, Ask.Kind.VISIT, Ask.Kind.PICKET),
    },
    "by_hand": lambda offer: {"note": offer.campaign.delivery_note},
}
