"""A letter whose facts have changed: its writer says whether it shall still leave as it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.changes import changes_since
from letters import tokens
from letters.models import DeliveryState, HoldReason
from letters.sending import outbox
from letters.writing.views.guards import by_token, personal
from letters.writing.views.links import not_found


@personal
@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Show what has changed and two buttons (mail scanners open links); an answer leads to the status page."""
    letter = tokens.read(token, tokens.Purpose.AGAIN)
    if letter is None:
        return not_found(request)
    asked = letter.deliveries.letters().filter(state=DeliveryState.HELD, hold_reason=HoldReason.ASKED)
    answer, seen = request.POST.get("answer"), request.POST.get("facts", "")
    if answer in {"send", "drop"} and seen.isdecimal():
        version = min(int(seen), letter.campaign.facts_version)
        outbox.answer(letter, send=answer == "send", version=version)
    elif asked.exists():
        context = {
            "campaign": letter.campaign,
            "offices": asked.select_related("target").order_by("pk"),
            "changes": changes_since(letter.campaign, letter.facts_version),
        }
        return render(request, "letters/again.html", context)
    return redirect("letters:status", tokens.make(letter, tokens.Purpose.STATUS))
