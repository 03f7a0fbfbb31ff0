"""The page "Queue": what an organiser must know of the outbox, on one screen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from campaigns.desk.roles import editable_campaigns
from letters.counting.traffic import Life, days, silence
from letters.desk.chart import ColumnChart, column_chart
from letters.desk.queue import by_campaign, ceilings_in_words, letters_of, queue
from letters.models import Brake, Heartbeat
from letters.models.queue import DeliveryQuerySet

OFFICES_ON_PAGE = 25
may_see = permission_required("letters.view_delivery", raise_exception=True)


@may_see
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show the queue of all campaigns that the user may change, or of the one in ?campaign=."""
    campaigns = list(editable_campaigns(request.user).order_by("slug"))
    wanted = request.GET.get("campaign", "")
    chosen = next((campaign for campaign in campaigns if str(campaign.pk) == wanted), None)
    rows = letters_of(request.user, [chosen] if chosen else campaigns)
    offices = queue(rows)
    page = Paginator(offices, OFFICES_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Queue"),
        "chosen": chosen,
        "campaigns": by_campaign([chosen] if chosen else campaigns, rows),
        "offices": page,
        "totals": totals(offices),
        "chart": two_weeks(rows),
        "ceilings": ceilings_in_words(),
        "zone": timezone.get_default_timezone_name(),
        "may_decide": request.user.has_perm("letters.decide_delivery"),
        **signs_of_life(),
    }
    return render(request, "admin/letters/queue/queue.html", context)


def totals(offices: list[Any]) -> dict[str, int]:
    """What all offices together have."""
    return {
        "waiting": sum(row.waiting for row in offices),
        "held": sum(row.held.total() for row in offices),
        "unknown": sum(row.unknown for row in offices),
        "unresolved": sum(row.unresolved for row in offices),
        "broken": sum(trouble.number for row in offices for trouble in row.troubles),
    }


def signs_of_life() -> dict[str, Any]:
    """Who works and what is stopped."""
    return {
        "life": Life.now(),
        "workers": Heartbeat.objects.workers().filter(at__gt=timezone.now() - silence()).count(),
        "brakes": list(Brake.objects.order_by("channel")),
    }


def two_weeks(rows: DeliveryQuerySet) -> ColumnChart:
    """What left, what broke and what waited on each of the last 14 days."""
    found = days(rows)
    labels = [formats.date_format(day.day, "D j") for day in found]
    series = [
        (_("handed over"), [day.handed_over for day in found]),
        (_("failed, came back or too late"), [day.broken for day in found]),
        (_("waiting at the end of the day"), [day.waiting for day in found]),
    ]
    return column_chart(labels, series)
