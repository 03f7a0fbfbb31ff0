"""The public list of those who signed an open letter."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Endorsement
from letters.counting.signatures import listed, signed
from letters.writing.signing import is_signed_here
from letters.writing.views.guards import published
from prisoners.pages import public_page

PER_PAGE = 100


@public_page
def signatories(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who wrote it, then organisations, then people, a hundred a page, and how many more signed without a name."""
    campaign = published(slug)
    if not is_signed_here(campaign):
        raise Http404
    words = request.GET.get("q", "").strip()[:100]
    page = Paginator(listed(campaign, words), PER_PAGE).get_page(request.GET.get("page"))
    authors = campaign.endorsements.filter(kind=Endorsement.Kind.AUTHOR).select_related("person", "organisation")
    context = {
        "campaign": campaign,
        "authors": authors if page.number == 1 and not words else [],
        "organisations": [row for row in page if row.kind == row.Kind.ORGANISATION],
        "people": [row for row in page if row.kind == row.Kind.PERSON],
        "page": page,
        "words": words,
        "query": urlencode({"q": words}) if words else "",
        "signed": signed(campaign),
    }
    return render(request, "letters/signing/signatories.html", context)
