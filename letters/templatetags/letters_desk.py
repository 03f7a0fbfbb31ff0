"""What templates of the desk ask of this app."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import formats, timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Target
from letters.desk.switches import address_of

register = template.Library()
MINUTE = dt.timedelta(minutes=1)


@register.filter
def with_zone(moment: dt.datetime) -> str:
    """A moment in words with its time zone: "Thursday 26 November, 15:00 (Europe/Oslo)"."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    words = {"moment": formats.date_format(local, "l j F, H:i"), "zone": timezone.get_default_timezone_name()}
    return _("%(moment)s (%(zone)s)") % words


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
