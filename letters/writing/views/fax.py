"""How a letter will look when it comes out of the office's fax machine."""

from __future__ import annotations

from base64 import b64encode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from campaigns.models import Channel
from letters.paper.fax_pages import as_received
from letters.paper.renderer import RenderingFailedError
from letters.printing.answers import status_of
from letters.printing.shelf import own_pdf
from letters.writing.abuse import TooManyError
from letters.writing.fax import fax_of
from letters.writing.forms import LetterForm, OriginForm
from letters.writing.views.closed import closed
from letters.writing.views.guards import personal, published
from letters.writing.views.letter import draft_in


@personal
@require_POST
def fax_preview(request: HttpRequest, slug: str, office: str) -> HttpResponse:
    """Show the pages of the fax to one office, from the draft of a check page. Nothing is stored."""
    campaign = published(slug)
    if not campaign.is_open:
        return closed(request, campaign)
    offer = OriginForm(request.GET).offer(campaign)
    draft = draft_in(request, offer)
    form = LetterForm(draft.form_data(), offer=offer, stamp=draft.stamp) if draft else None
    cards = form.cards if form and form.is_valid() else []
    card = next((card for card in cards if card.office.key == office and card.channel == Channel.FAX), None)
    if card is None or form is None:
        raise Http404
    context = {"campaign": campaign, "office": card.office.name()}
    name = form.cleaned_data["name"]
    try:
        pages = own_pdf(request, lambda: as_received(fax_of(card, name).pdf))
    except (RenderingFailedError, TooManyError) as failure:
        return render(request, "letters/fax_preview.html", context, status=status_of(failure))
    pictures = [b64encode(page).decode() for page in pages]
    return render(request, "letters/fax_preview.html", {**context, "pictures": pictures})
