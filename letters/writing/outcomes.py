"""What became of each letter, told to the one who wrote it: in plain words, with the next best thing to do.

Nothing here is a promise: what is only likely is said as such, and what nobody knows is said to be unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.directory.reach import DIRECTORY, Office
from campaigns.models import Channel
from letters.models import Delivery, DeliveryState, HoldReason, Letter
from letters.models.letters import on_trial
from letters.models.queue import OVER
from letters.sending import pacing
from letters.writing.offer import AT_RISK, Offer

S = DeliveryState
SOON = dt.timedelta(hours=1)
# The tag's word and look, and what the state means.
PLAIN: dict[DeliveryState, tuple[str | Promise, str, str | Promise]] = {
    S.QUEUED: (gettext_lazy("Waiting"), "", gettext_lazy("It leaves in its turn, usually within the hour.")),
    S.SENDING: (gettext_lazy("Leaving"), "", gettext_lazy("It is being prepared this moment.")),
    S.HANDING_OVER: (gettext_lazy("Leaving"), "", gettext_lazy("It is being handed over this moment.")),
    S.DEFERRED: (
        gettext_lazy("Waiting"),
        "warn",
        gettext_lazy("It could not be taken just now. We try again by ourselves, for some days if need be."),
    ),
    S.HELD: (gettext_lazy("Held"), "warn", gettext_lazy("Somebody here looks at it before it leaves.")),
    S.ACCEPTED: (gettext_lazy("Handed over"), "free", gettext_lazy("The office’s side took it.")),
    S.DELIVERED: (gettext_lazy("Received"), "free", gettext_lazy("A receipt came back: it arrived.")),
    S.BOUNCED: (gettext_lazy("Came back"), "stamp", gettext_lazy("The office’s address does not work any more.")),
    S.FAILED: (gettext_lazy("Not sent"), "stamp", gettext_lazy("It could not be sent: the office did not take it.")),
    S.UNKNOWN: (
        gettext_lazy("Not certain"),
        "warn",
        gettext_lazy(
            "The line broke while it was handed over. We look for proof for a day, and never send it twice on a guess."
        ),
    ),
    S.UNRESOLVED: (
        gettext_lazy("Not certain"),
        "warn",
        gettext_lazy("We found no proof that it arrived and none that it did not. An organiser decides what to do."),
    ),
    S.CANCELLED: (gettext_lazy("Cancelled"), "", gettext_lazy("It was taken out of the queue and not sent.")),
    S.EXPIRED: (gettext_lazy("Too late"), "stamp", gettext_lazy("It could not leave in time and was not sent.")),
    S.CAPTURED: (
        gettext_lazy("Kept here"),
        "pen",
        gettext_lazy("Trial mode: your letter is kept on this site and was sent to nobody."),
    ),
}
HELD: dict[str, str | Promise] = {
    HoldReason.FACTS_CHANGED: gettext_lazy(
        "The facts of the case changed after you wrote. Somebody here looks at your letter before it leaves."
    ),
    HoldReason.ASKED: gettext_lazy(
        "The facts of the case changed after you wrote. We asked you by email whether it shall still leave."
    ),
    HoldReason.CAMPAIGN_PAUSED: gettext_lazy("The campaign rests for now. Your letter leaves when it goes on."),
    HoldReason.OFFICE_PAUSED: gettext_lazy(
        "We have stopped writing to this office for now. Your letter leaves when we go on."
    ),
    HoldReason.MODERATION: gettext_lazy(
        "Many letters with nearly the same words came today. Somebody here looks at yours before it leaves."
    ),
}
# It did not arrive, or nobody knows: here another way helps.
ASTRAY = frozenset({S.BOUNCED, S.FAILED, S.EXPIRED, S.UNRESOLVED})


@dataclass(frozen=True)
class Way:
    """Something to do instead: a link of this site, or a number to call."""

    label: str
    url: str


@dataclass(frozen=True)
class Told:
    """One office on the status page."""

    delivery: Delivery
    word: str | Promise
    kind: str
    note: str | Promise
    more: str
    ways: Sequence[Way]
    receipt: str


def tell(letter: Letter, deliveries: Sequence[Delivery], token: str) -> list[Told]:
    """Each delivery in words, in a fixed number of queries."""
    prefetch_related_objects([row.target for row in deliveries if row.target], *DIRECTORY)
    waiting = {row.contact_id: row.target for row in deliveries if row.state == S.QUEUED and row.contact_id}
    leaves = {} if on_trial() else pacing.forecast({pk: target for pk, target in waiting.items() if target})
    offer = Offer(letter.campaign, str(letter.country), AT_RISK if letter.discreet else "")
    return [told(offer, row, token, leaves.get(row.contact_id or 0)) for row in deliveries]


def told(offer: Offer, row: Delivery, token: str, leaves: dt.datetime | None) -> Told:
    """One delivery in words. `leaves` is when it will have left if nothing comes between."""
    state = S(row.state)
    word, kind, note = PLAIN[state]
    has_receipt = row.channel == Channel.FAX and state == S.DELIVERED
    receipt = reverse("letters:receipt", args=[token, row.pk]) if has_receipt else ""
    if state == S.HELD:
        note = HELD.get(row.hold_reason, note)
    elif state == S.QUEUED and leaves and leaves > timezone.now() + SOON:
        note = _("Many write to this office. Yours leaves in its turn, probably by %(moment)s.") % {
            "moment": with_zone(leaves)
        }
    elif state == S.CANCELLED and offer.campaign.state in OVER:
        note = _("It was not sent, because the campaign is over.")
    ways = list(other_ways(offer, row)) if state in ASTRAY and offer.campaign.is_open else []
    return Told(row, word, kind, note, what_we_do(row), ways, receipt)


def what_we_do(row: Delivery) -> str:
    """What the site does about a letter that did not arrive; who asked for discretion gets no mail of it."""
    letter = row.letter
    if row.state not in (S.BOUNCED, S.FAILED) or letter is None or letter.discreet or not letter.email:
        return ""
    if row.told_at:
        return _("Your text went back to you by mail.")
    return _("We look for another address for a day; without one, your text comes back to you by mail.")


def other_ways(offer: Offer, row: Delivery) -> Any:
    """Yield what the supporter can do by themselves for this office, the best first."""
    if row.office is None or row.target is None:
        return
    office, slug = Office(row.office, row.target), offer.campaign.slug
    query = f"?{offer.query}"
    others = [channel for channel in offer.channels(office) if channel != row.channel]
    if others and row.state != S.UNRESOLVED:
        yield Way(_("Write again, by %(channel)s") % {"channel": others[0].label}, address("write", slug, query))
    if office.contact(Channel.POST):
        yield Way(_("Print and post"), address("print", slug, f"{query}&office={office.key}"))
    if office.contact(Channel.WEB_FORM):
        yield Way(_("Take the text to its website"), address("web_form", slug, f"{query}&office={office.key}"))
    if phone := office.contact(Channel.PHONE):
        yield Way(_("Call %(number)s") % {"number": phone.value}, f"tel:{phone.value}")


def address(name: str, slug: str, query: str) -> str:
    return reverse(f"letters:{name}", args=[slug]) + query


def with_zone(moment: dt.datetime) -> str:
    """A moment in words with its time zone: "Thursday 26 November, 15:00 (Europe/Oslo)"."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    words = {"moment": formats.date_format(local, "l j F, H:i"), "zone": timezone.get_default_timezone_name()}
    return _("%(moment)s (%(zone)s)") % words
