"""What pages of campaigns ask of the counts."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from letters.counting.public import public_countries, public_tally

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
