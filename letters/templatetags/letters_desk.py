"""What templates of the desk ask of this app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Target
from letters.counting.traffic import DAY
from letters.desk.dashboard import dashboard
from letters.desk.queue import by_campaign, letters_of
from letters.desk.switches import address_of
from letters.models import DeliveryState
from letters.writing.outcomes import with_zone

register = template.Library()
register.filter(with_zone)
MINUTE = dt.timedelta(minutes=1)


@register.filter
def ago(age: dt.timedelta) -> str:
    """An age in words: "12 minutes"."""
    if age < MINUTE:
        return _("less than a minute")
    now = timezone.now()
    return timesince(now - age, now, depth=1)


@register.simple_tag
def switch_url(act: str, thing: Campaign | Target | None = None) -> str:
    """Where it is asked whether to pause, resume or cancel a campaign, an office or everything."""
    return address_of(act, thing)


@register.inclusion_tag("admin/includes/_dashboard.html", takes_context=True)
def desk_dashboard(context: dict[str, Any]) -> dict[str, Any]:
    """What needs somebody, as far as the user of the page may see it."""
    return {"perms": context["perms"], **dashboard(context["request"].user)}


@register.inclusion_tag("admin/includes/_campaign_queue.html", takes_context=True)
def campaign_queue(context: dict[str, Any], campaign: Campaign) -> dict[str, Any]:
    """How the letters of a campaign do, on its own page."""
    rows = letters_of(context["request"].user, [campaign])
    left = rows.filter(
        state__in=[DeliveryState.ACCEPTED, DeliveryState.DELIVERED], handed_over_at__gt=timezone.now() - DAY
    )
    return {"campaign": campaign, "queue": next(iter(by_campaign([campaign], rows)), None), "left": left.count()}
