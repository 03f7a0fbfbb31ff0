"""Days of action: which are to come, and as calendar files (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from campaigns.models import Campaign, Event


def public_events() -> QuerySet[Event]:
    """The events of campaigns that have a page, with their places."""
    events = Event.objects.filter(campaign__in=Campaign.objects.published())
    return events.select_related("campaign").prefetch_related("places")


def coming() -> QuerySet[Event]:
    """Events that are not over, the next first."""
    today = timezone.localdate()
    not_over = Q(date_end__gte=today) | Q(date_end__isnull=True, date_start__gte=today) | Q(starts_at__date__gte=today)
    return public_events().filter(not_over).order_by("date_start", "starts_at", "pk")


def over() -> QuerySet[Event]:
    """Events that are past or have no date, the latest first."""
    return public_events().exclude(pk__in=coming().values("pk")).order_by("-date_start", "-pk")


def calendar(events: Iterable[Event]) -> bytes:
    """Return `events` that have a day as a calendar file."""
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", "-//Postbag//Days of action//EN")
    for event in events:
        if event.starts_at or event.date.start:
            file.add_component(entry(event))
    return bytes(file.to_ical())


def entry(event: Event) -> CalendarEvent:
    """One event: at its hour, else on whole days (DTEND is the day after the last)."""
    component = CalendarEvent()
    component.add("uid", f"event-{event.pk}@{settings.SITE_HOST}")
    component.add("dtstamp", event.campaign.updated_at)
    component.add("summary", str(event.name))
    component.add("description", str(event.description))
    component.add("location", "; ".join(map(str, event.places.all())))
    component.add("url", f"{settings.SITE_URL}{event.campaign.get_absolute_url()}")
    if event.starts_at:
        component.add("dtstart", event.starts_at.astimezone(dt.UTC))
    elif event.date.start:
        component.add("dtstart", event.date.start)
        component.add("dtend", (event.date.end or event.date.start) + dt.timedelta(days=1))
    return component
