"""A campaign that closes while somebody writes: nothing is sent, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Campaign
from letters.models import Letter
from letters.writing.drafts import Draft
from letters.writing.forms import ORIGIN, LetterForm
from letters.writing.offer import Offer

CONFLICT = 409


def closed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Say that the campaign takes no letters now, with the text of the one that was on its way."""
    texts = typed_texts(request, campaign) if request.method == "POST" else []
    return render(
        request, "letters/closed.html", {"campaign": campaign, "texts": texts}, status=CONFLICT if texts else 200
    )


def closed_before_confirmation(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The same for a letter that waits for its confirmation."""
    texts = [addressing.text for addressing in letter.addressings.order_by("pk")]
    return render(request, "letters/closed.html", {"campaign": letter.campaign, "texts": texts}, status=CONFLICT)


def typed_texts(request: HttpRequest, campaign: Campaign) -> list[str]:
    """The letters as far as they were written: composed where the form is whole, else as typed."""
    data = typed_data(request, campaign.slug)
    form = LetterForm(data, offer=Offer(campaign, request.GET.get(ORIGIN, "")))
    if form.is_valid():
        return [card.text for card in form.cards]
    return raw_texts(data)


def typed_data(request: HttpRequest, slug: str) -> Any:
    """What was typed: from the draft in a check page, else from the form itself."""
    try:
        return Draft.read(request.POST.get("draft", ""), slug).form_data()
    except signing.BadSignature:
        return request.POST


def raw_texts(data: Any) -> list[str]:
    """The texts among the fields of a form."""
    names = [name for name in data if name in {"own_words", "note"} or name.startswith("body_")]
    return [data[name] for name in names if data[name].strip()]
