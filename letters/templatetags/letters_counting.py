"""What pages of campaigns ask of the counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.listing import Listed
from campaigns.models import Campaign
from letters.counting.public import people_by_campaign, public_countries, public_tally

register = template.Library()


@register.inclusion_tag("includes/_tally.html")
def tally(campaign: Campaign) -> dict[str, Any]:
    """What was done in a campaign, in numbers; what is below the site's minimum is not shown."""
    return {**public_tally(campaign)}


@register.inclusion_tag("includes/_bar_table.html")
def tally_countries(campaign: Campaign) -> dict[str, Any]:
    """From where people wrote; an empty table where they are too few."""
    return {"caption": _("People who wrote, by country"), "head": _("Country"), "rows": public_countries(campaign)}


@register.simple_tag
def tally_numbers(campaign: Campaign) -> dict[str, int]:
    """The same numbers for a template that shows them in its own way: {% tally_numbers campaign as numbers %}."""
    return public_tally(campaign)


@register.simple_tag
def with_people_wrote(campaigns: Sequence[Listed]) -> list[tuple[Listed, int]]:
    """Each campaign of a list with how many people wrote, 0 below the site's minimum: one query for all."""
    people = people_by_campaign([item.campaign.pk for item in campaigns])
    numbers = [people.get(item.campaign.pk, 0) for item in campaigns]
    shown = [n if n >= settings.TALLY_MINIMUM else 0 for n in numbers]
    return list(zip(campaigns, shown, strict=True))


@register.simple_tag
def written_to_least(campaigns: Sequence[Listed], limit: int) -> list[Listed]:
    """The campaigns that wait for letters and got the fewest, the older first among equals."""
    waiting = [item for item in campaigns if item.can_write]
    people = people_by_campaign([item.campaign.pk for item in waiting])
    return sorted(waiting, key=lambda item: (people.get(item.campaign.pk, 0), item.campaign.pk))[:limit]
