"""What pages ask of the answers of offices."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet

from campaigns.models import Campaign
from letters.models import Letter, Reply, ReplyState

register = template.Library()


@register.inclusion_tag("includes/_answers.html")
def answers(campaign: Campaign) -> dict[str, Any]:
    """What offices answered, as far as a moderator published it."""
    return {"replies": list(Reply.objects.public(campaign))}


@register.simple_tag
def answers_to(letter: Letter) -> QuerySet[Reply]:
    """Which offices answered a letter, for its status page, which shows no text."""
    shown = [ReplyState.WAITING, ReplyState.KEPT, ReplyState.PUBLISHED]
    found = Reply.objects.filter(delivery__letter=letter, state__in=shown)
    return found.select_related("delivery__target").order_by("received_at", "pk")
