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
    """The call to sign, or what became of it once signing is over; nothing where nothing was ever signed here."""
    found = signed(campaign) if campaign.is_published and is_signed_here(campaign) else None
    return {"campaign": campaign, "signed": found}
