"""The page on which supporters tell what they did elsewhere."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaigns.models import Campaign
from letters.models import ReportedAction
from letters.writing.abuse import TooManyError, charge
from letters.writing.drafts import Stamp
from letters.writing.reporting import ReportForm, report, takes_reports
from letters.writing.views.guards import personal, published

TOO_MANY_REQUESTS = 429


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def report_action(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a report without an email; the same form sent twice counts once."""
    campaign = published(slug)
    if not takes_reports(campaign):
        return render(request, "letters/report_closed.html", {"campaign": campaign})
    if request.method != "POST":
        known = {"way": "way", "office": "office", "country": "from", "note": "note"}
        initial = {name: request.GET[key] for name, key in known.items() if key in request.GET}
        return page(request, ReportForm(campaign=campaign, initial=initial), campaign, Stamp.new())
    form, stamp = ReportForm(request.POST, campaign=campaign), Stamp.read(request.POST.get("stamp", ""))
    if not form.is_valid():
        return page(request, form, campaign, stamp, status=400)
    try:
        return thanks(request, campaign, stored(request, form, campaign, stamp))
    except TooManyError:
        return page(request, form, campaign, stamp, status=TOO_MANY_REQUESTS)


def stored(request: HttpRequest, form: ReportForm, campaign: Campaign, stamp: Stamp) -> ReportedAction | None:
    """The new report; None when it was there. Raises TooManyError, and stores nothing then."""
    with transaction.atomic():
        action = report(form, campaign, stamp)
        if action:
            charge(request, seconds=stamp.age)
    return action


def page(
    request: HttpRequest, form: ReportForm, campaign: Campaign, stamp: Stamp, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "campaign": campaign, "stamp": stamp.sign(), "too_many": status == TOO_MANY_REQUESTS}
    return render(request, "letters/report.html", context, status=status)


def thanks(request: HttpRequest, campaign: Campaign, action: ReportedAction | None) -> HttpResponse:
    """Say how it is counted."""
    return render(request, "letters/reported.html", {"campaign": campaign, "action": action})
