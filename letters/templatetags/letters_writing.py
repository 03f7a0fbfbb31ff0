"""What templates of campaign pages and of the supporter's pages ask of this app."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Channel
from letters.counting.public import public_tally
from letters.models import Delivery, DeliveryState
from letters.writing.offer import Offer

register = template.Library()

S = DeliveryState

# How each state is told to the one who wrote: a tag, its kind, and what it means or what to do.
PLAIN: dict[DeliveryState, tuple[Any, str, Any]] = {
    S.QUEUED: (_("Waiting"), "", _("It leaves in its turn, usually within the hour.")),
    S.SENDING: (_("Waiting"), "", _("It is being prepared.")),
    S.HANDING_OVER: (_("Leaving"), "", _("It is being handed over this moment.")),
    S.DEFERRED: (_("Waiting"), "warn", _("It could not be taken just now. We try again by ourselves.")),
    S.HELD: (_("Held"), "warn", _("Somebody here looks at it first, for example because the facts have changed.")),
    S.ACCEPTED: (_("Handed over"), "free", ""),
    S.DELIVERED: (_("Received"), "free", _("A receipt came back.")),
    S.BOUNCED: (_("Came back"), "stamp", _("The office’s address did not work. Print and post the letter, or call.")),
    S.FAILED: (_("Not sent"), "stamp", _("It could not be sent. Print and post the letter, or call.")),
    S.UNKNOWN: (_("Not certain"), "warn", _("The line broke while it was handed over. We look for proof.")),
    S.UNRESOLVED: (_("Not certain"), "warn", _("We could not find out whether it arrived. An organiser decides.")),
    S.CANCELLED: (_("Cancelled"), "", _("It was not sent.")),
    S.EXPIRED: (_("Too late"), "stamp", _("It could not leave in time and was not sent.")),
    S.CAPTURED: (_("Captured"), "pen", _("Trial mode: it is kept on this site and was sent to nobody.")),
}


@register.inclusion_tag("letters/includes/_delivery.html")
def delivery_row(delivery: Delivery, token: str) -> dict[str, Any]:
    """One office on the status page of `token`: its state in plain words, when it was handed over, a fax's receipt."""
    word, kind, note = PLAIN[S(delivery.state)]
    has_receipt = delivery.channel == Channel.FAX and delivery.state == S.DELIVERED
    receipt = reverse("letters:receipt", args=[token, delivery.pk]) if has_receipt else ""
    return {"delivery": delivery, "word": word, "kind": kind, "note": note, "receipt": receipt}


@register.inclusion_tag("includes/_write_card.html")
def write_card(campaign: Campaign) -> dict[str, Any]:
    """The call to write beside a case, with what was done so far; where all goes by post it says so."""
    offer = Offer(campaign, "")
    only_post = not offer.sendable and not campaign.targets.exclude(mission_of="").exists()
    return {
        "url": reverse("letters:write", args=[campaign.slug]),
        "title": _("Write by post") if only_post else _("Write a letter"),
        "text": _("Print it, sign it, post it.") if only_post else _("In your own words. It takes a few minutes."),
        "label": _("Write now"),
        **public_tally(campaign),
    }
