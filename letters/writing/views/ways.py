"""Pages of what supporters do by themselves: call, post in public, visit, have a letter delivered by hand."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from letters.writing.views.closed import closed
from letters.writing.views.guards import personal
from letters.writing.views.paper import offer_of
from letters.writing.ways import PAGES, ways_open


@personal
@require_safe
def way(request: HttpRequest, slug: str, way: str) -> HttpResponse:
    """Show one way with all it takes. Nothing is stored; "I did it" leads to the report, filled in."""
    offer, origin = offer_of(request, slug)
    if not offer.campaign.is_open:
        return closed(request, offer.campaign)
    # Where from was not said yet, an embassy may still turn up.
    if not ways_open(offer)[way] and not offer.campaign.targets.exclude(mission_of="").exists():
        raise Http404
    context = {"campaign": offer.campaign, "offer": offer, "origin": origin, **PAGES[way](offer)}
    return render(request, f"letters/ways/{way}.html", context)
