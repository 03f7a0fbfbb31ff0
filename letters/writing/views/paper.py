"""The ways that leave nothing here: print and post, and the text for one's own mailbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from letters.paper.envelope import envelope_pdf, labels_pdf
from letters.paper.pdf import Paper
from letters.paper.renderer import RenderingFailedError, Typeset
from letters.paper.sheets import letter_pdf
from letters.printing.answers import status_of
from letters.printing.shelf import own_pdf
from letters.writing.abuse import TooManyError
from letters.writing.cards import Card
from letters.writing.carried import US_LETTER, CarriedForm, PaperLetter, PrintForm, mail_addresses, onward, paper_letter
from letters.writing.forms import OriginForm
from letters.writing.offer import Offer
from letters.writing.preview import for_website
from letters.writing.rows import other_ways, page_rows
from letters.writing.views.closed import closed
from letters.writing.views.guards import personal, published

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
    wanted = wanted_pdf(request.POST, letters, ready)
    if wanted is None:
        return render(request, "letters/print.html", context, status=400 if form.errors else 200)
    name, make = wanted
    try:
        pdf = own_pdf(request, make).pdf
    except (RenderingFailedError, TooManyError) as failure:
        return render(request, "letters/print.html", {**context, "failed": True}, status=status_of(failure))
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def wanted_pdf(
    post: QueryDict, letters: list[PaperLetter], form: CarriedForm
) -> tuple[str, Callable[[], Typeset]] | None:
    """A name that tells nothing, and what prints the letter, envelope or labels that a button asked for.

    None: no button did.
    """
    if not letters:
        return None
    paper: Paper = "letter" if form.cleaned_data["paper"] == US_LETTER else "A4"
    if "labels" in post:
        return "labels", lambda: labels_pdf([letter.envelope for letter in letters], paper=paper)
    for letter in letters:
        if letter.key == post.get("pdf"):
            return "letter", partial(letter_pdf, letter.sheet, paper=paper)
        if letter.key == post.get("envelope"):
            sender, latin = letter.sheet.sender_lines, letter.latin_envelope
            return "envelope", partial(envelope_pdf, letter.envelope, sender, latin=latin, paper=paper)
    return None


@csrf_exempt  # The same.
@personal
@methods
def own_mailbox(request: HttpRequest, slug: str, *, on_website: bool = False) -> HttpResponse:
    """Show the text for each office to copy, and a link that opens it in a mail program or opens its own web form."""
    offer, origin = offer_of(request, slug)
    if not offer.campaign.is_open:
        return closed(request, offer.campaign)
    offices = offer.with_web_form if on_website else offer.mailable
    form = CarriedForm(request.POST or None, offer=offer, offices=offices, wanted=request.GET.get("office", ""))
    cards = form.preview().written()
    mails = [(for_website(card), *carried(card, on_website=on_website)) for card in cards]
    context = {**shared(form, origin), "mails": mails, "on_website": on_website}
    return render(request, "letters/own_mailbox.html", context, status=400 if form.errors else 200)


def carried(card: Card, *, on_website: bool) -> tuple[list[str], str]:
    """The mailboxes for a text, none where its way is the office's website, and the link that goes there."""
    return [] if on_website else mail_addresses(card.office), onward(card, on_website=on_website)


def offer_of(request: HttpRequest, slug: str) -> tuple[Offer, OriginForm]:
    """What the campaign offers in the country that the address names."""
    origin = OriginForm(request.GET)
    return origin.offer(published(slug)), origin


def shared(form: CarriedForm, origin: OriginForm) -> dict[str, Any]:
    """What both pages show besides their texts; without an office to choose, what is known of each."""
    others = [] if form.offices else list(other_ways(form.offer))
    return {**page_rows(form), "origin": origin, "others": others}
