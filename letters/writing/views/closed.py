"""When nothing can be sent, nothing typed is lost: campaigns that close midway, and forms without their cookie."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Campaign
from letters.models import Letter
from letters.paper.renderer import RenderingFailedError
from letters.paper.sheets import LetterSheet, letter_pdf
from letters.writing.cards import Card
from letters.writing.drafts import Draft, Stamp, typed
from letters.writing.forms import HONEYPOT, LetterForm, OriginForm
from letters.writing.views.guards import personal

CONFLICT = 409
FORBIDDEN = 403
TYPED = ("own_words", "note")


def closed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Say that the campaign takes no letters now, with the text of the one that was on its way, also as a PDF."""
    if request.method != "POST":
        return render(request, "letters/closed.html", {"campaign": campaign})
    form = LetterForm(typed_data(request.POST, campaign.slug), offer=OriginForm(request.GET).offer(campaign))
    cards = form.cards if form.is_valid() else []
    wanted = next((card for card in cards if card.office.key == request.POST.get("pdf")), None)
    if wanted:
        return as_pdf(wanted) or closed_page(request, form, cards)
    return closed_page(request, form, cards)


def closed_page(request: HttpRequest, form: LetterForm, cards: list[Card]) -> HttpResponse:
    campaign, data = form.offer.campaign, form.typed
    draft = Draft(Stamp.new(), typed(data, [name for name in form.fields if name != HONEYPOT]))
    context = {
        "campaign": campaign,
        "offer": form.offer,
        "cards": cards,
        "texts": [card.text for card in cards] or raw_texts(data),
        "draft": draft.sign(campaign.slug),
    }
    return render(request, "letters/closed.html", context, status=CONFLICT)


def closed_before_confirmation(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The same for a letter that waits for its confirmation."""
    texts = [addressing.text for addressing in letter.addressings.order_by("pk")]
    return render(request, "letters/closed.html", {"campaign": letter.campaign, "texts": texts}, status=CONFLICT)


def as_pdf(card: Card) -> HttpResponse | None:
    """The text on paper; None when it can't be made now."""
    lines = tuple(card.addressee.splitlines())
    sheet = LetterSheet(card.language, lines, card.text, subject=card.subject, signed=False)
    try:
        pdf = letter_pdf(sheet).pdf
    except RenderingFailedError:
        return None
    headers = {"Content-Disposition": 'attachment; filename="letter.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@personal
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django gives it
    """Give back what was typed into a form whose cookie is missing, and say what to do."""
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    texts = raw_texts(typed_data(request.POST, kwargs.get("slug", "")))
    return render(request, "letters/cookie_missing.html", {"texts": texts}, status=FORBIDDEN)


def typed_data(post: Any, slug: str) -> Any:
    """What was typed: from the draft in a check page, else from the form itself."""
    try:
        return Draft.read(post.get("draft", ""), slug).form_data()
    except signing.BadSignature:
        return post


def raw_texts(data: Any) -> list[str]:
    """The texts among the fields of a form, as they were typed."""
    names = [name for name in data if name in TYPED or name.startswith("body_")]
    return [data[name] for name in names if data[name].strip()]
