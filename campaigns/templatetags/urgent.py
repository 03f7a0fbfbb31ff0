"""Where a reader who lost the way may go on."""

from __future__ import annotations

from django import template
from django.db.models import QuerySet

from campaigns.listing import URGENT
from campaigns.models import Campaign

register = template.Library()

FEW = 3


@register.simple_tag
def urgent_campaigns() -> QuerySet[Campaign]:
    """The latest urgent campaigns, in one query: whoever guesses addresses asks for many such pages."""
    return Campaign.objects.open().filter(kind__in=URGENT).order_by("-pk")[:FEW]
