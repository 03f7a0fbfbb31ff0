"""What templates of campaign pages and of the supporter's pages ask of this app."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from letters.counting.public import public_tally
from letters.models import Delivery, Letter
from letters.writing.offer import Offer
from letters.writing.outcomes import Told, tell

register = template.Library()


@register.simple_tag
def told(letter: Letter, deliveries: QuerySet[Delivery], token: str) -> list[Told]:
    """What became of each letter, for the status page of `token`: {% told letter deliveries token as rows %}."""
    return tell(letter, list(deliveries.select_related("office", "letter", "target")), token)


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
