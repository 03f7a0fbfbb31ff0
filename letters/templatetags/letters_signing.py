"""What pages of open letters ask of signatures."""

from __future__ import annotations

from typing import Any

from django import template

from campaigns.models import Campaign
from letters.counting.signatures import signed
from letters.writing.signing import is_signed_here

register = template.Library()


@register.inclusion_tag("letters/includes/_sign_card.html")
def sign_card(campaign: Campaign) -> dict[str, Any]:
    """The call to sign; nothing where there is nothing to sign now."""
    is_asked = campaign.is_open and is_signed_here(campaign)
    return {"campaign": campaign, "signed": signed(campaign) if is_asked else None}
