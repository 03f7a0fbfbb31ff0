"""Where the public tells of a day of action: one that is planned, or what happened on one."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaigns.calendar import public_events
from campaigns.models import Campaign, Event
from letters.writing import events
from letters.writing.abuse import TooManyError, charge
from letters.writing.drafts import Stamp
from letters.writing.events import EventForm, HappenedForm, PlannedForm
from letters.writing.views.guards import personal, published
from letters.writing.views.links import methods

TOO_MANY_REQUESTS = 429
CONFLICT = 409


@personal
@methods
def propose_event(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an event that somebody plans for a campaign that is open."""
    campaign = published(slug)
    if not campaign.is_open:
        return render(request, "letters/events/closed.html", {"campaign": campaign}, status=CONFLICT)
    return told(request, PlannedForm, campaign)


@personal
@methods
def report_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report on an event that is known."""
    event = get_object_or_404(public_events(), pk=pk)
    return told(request, HappenedForm, event.campaign, event)


def told(
    request: HttpRequest, form_class: type[EventForm], campaign: Campaign, event: Event | None = None
) -> HttpResponse:
    """Show the form, or store what it brings for a moderator."""
    context: dict[str, object] = {"campaign": campaign, "event": event}
    if request.method != "POST":
        return page(request, {**context, "form": form_class(), "stamp": Stamp.new().sign()})
    form, stamp = form_class(request.POST), Stamp.read(request.POST.get("stamp", ""))
    context |= {"form": form, "stamp": stamp.sign()}
    if not form.is_valid():
        return page(request, context, status=400)
    try:
        with transaction.atomic():
            if events.store(form, campaign, event, stamp):
                charge(request, seconds=stamp.age)
    except TooManyError:
        return page(request, {**context, "too_many": True}, status=TOO_MANY_REQUESTS)
    return render(request, "letters/events/thanks.html", context)


def page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    return render(request, "letters/events/form.html", context, status=status)
