"""The ways that leave nothing here: print and post, and the text for one's own mailbox."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from letters.paper.envelope import envelope_pdf, labels_pdf
from letters.paper.pdf import Paper
from letters.paper.renderer import RenderingFailedError
from letters.paper.sheets import letter_pdf
from letters.writing.carried import US_LETTER, CarriedForm, PaperLetter, PrintForm, mail_addresses, onward, paper_letter
from letters.writing.forms import ORIGIN, OriginForm
from letters.writing.offer import Offer
from letters.writing.rows import other_ways, page_rows
from letters.writing.views.closed import closed
from letters.writing.views.guards import personal, published

UNAVAILABLE = 503
methods = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt  # Nothing is stored and nothing leaves, so no cookie is needed.
@personal
@methods
def print_letter(request: HttpRequest, slug: str) -> HttpResponse:
    """Show letters to print with their envelopes, and give each as a PDF."""
    offer, origin = offer_of(request, slug)
    if not offer.campaign.is_open:
        return closed(request, offer.campaign)
    form = PrintForm(request.POST or None, offer=offer, offices=offer.postable, wanted=request.GET.get("office", ""))
    ready = form.preview()
    letters = [paper_letter(ready, card) for card in ready.written()]
    context = {**shared(form, origin), "letters": letters}
    try:
        pdf = wanted_pdf(request.POST, letters, ready)
    except RenderingFailedError:
        return render(request, "letters/print.html", {**context, "failed": True}, status=UNAVAILABLE)
    if not pdf:
        return render(request, "letters/print.html", context, status=400 if form.errors else 200)
    headers = {"Content-Disposition": f'attachment; filename="{pdf[0]}.pdf"'}
    return HttpResponse(pdf[1], content_type="application/pdf", headers=headers)


def wanted_pdf(post: QueryDict, letters: list[PaperLetter], form: CarriedForm) -> tuple[str, bytes] | None:
    """The letter, envelope or labels that a button asked for, with a name that tells nothing; None: no button did.

    Raises RenderingFailedError.
    """
    if not letters:
        return None
    paper: Paper = "letter" if form.cleaned_data["paper"] == US_LETTER else "A4"
    if "labels" in post:
        return "labels", labels_pdf([letter.envelope for letter in letters], paper=paper).pdf
    for letter in letters:
        if letter.key == post.get("pdf"):
            return "letter", letter_pdf(letter.sheet, paper=paper).pdf
        if letter.key == post.get("envelope"):
            return "envelope", envelope_pdf(letter.envelope, letter.sheet.sender_lines, paper=paper).pdf
    return None


@csrf_exempt  # The same.
@personal
@methods
def own_mailbox(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text for each office to copy, and a link that opens it in a mail program."""
    offer, origin = offer_of(request, slug)
    if not offer.campaign.is_open:
        return closed(request, offer.campaign)
    form = CarriedForm(request.POST or None, offer=offer, offices=offer.mailable, wanted=request.GET.get("office", ""))
    mails = [(card, mail_addresses(card.office), onward(card)) for card in form.preview().written()]
    context = {**shared(form, origin), "mails": mails}
    return render(request, "letters/own_mailbox.html", context, status=400 if form.errors else 200)


def offer_of(request: HttpRequest, slug: str) -> tuple[Offer, OriginForm]:
    """What the campaign offers in the country that the address names; a wrong one counts as “rather not say”."""
    origin = OriginForm(request.GET)
    country = origin.cleaned_data[ORIGIN] if origin.is_valid() else ""
    return Offer(published(slug), country), origin


def shared(form: CarriedForm, origin: OriginForm) -> dict[str, Any]:
    """What both pages show besides their texts; without an office to choose, what is known of each."""
    others = [] if form.offices else list(other_ways(form.offer))
    return {**page_rows(form), "origin": origin, "others": others}
