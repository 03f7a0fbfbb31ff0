"""The documents of a campaign, for everyone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from letters.counting.signatures import listed, signed
from letters.paper.bulletin import bulletin_text
from letters.paper.campaign import bulletin_pdf, open_letter_pdf
from letters.paper.facts import Facts, facts_of, languages_of
from letters.paper.leaflet import SIZES, leaflet_pdf
from letters.paper.renderer import RenderingFailedError
from letters.printing.answers import as_pdf, status_of
from letters.printing.shelf import public_pdf
from letters.writing.abuse import TooManyError
from letters.writing.views.guards import published
from prisoners.pages import public_page

SHORTLY = 60
# More names than anybody reads on paper; the others are counted.
MOST_NAMES = 1_000


def language_of(request: HttpRequest, campaign: Campaign) -> str:
    """The language asked for, if the campaign has it, else the page's."""
    wanted = request.GET.get("language", "")
    return wanted if wanted in languages_of(campaign) else get_language() or ""


def paper_of(request: HttpRequest, sizes: tuple[Any, ...]) -> Any:
    """The size of paper asked for, else A4."""
    wanted = request.GET.get("paper", "")
    return wanted if wanted in sizes else sizes[0]


@public_page
def bulletin(request: HttpRequest, slug: str) -> HttpResponse:
    """The bulletin as a page that prints well."""
    campaign = published(slug)
    facts = facts_of(campaign, language_of(request, campaign))
    return render(request, "letters/papers/bulletin.html", {"campaign": campaign, "facts": facts})


@public_page
def bulletin_as_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The bulletin for mailing lists."""
    campaign = published(slug)
    text = bulletin_text(facts_of(campaign, language_of(request, campaign)))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def bulletin_as_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    return document(request, published(slug), "bulletin", bulletin_pdf, SIZES[:2])


@require_safe
def leaflet(request: HttpRequest, slug: str) -> HttpResponse:
    """The case in front, the letter overleaf."""
    return document(request, published(slug), "leaflet", leaflet_pdf, SIZES)


@require_safe
def open_letter(request: HttpRequest, slug: str) -> HttpResponse:
    """An open letter with its signatories."""
    campaign = published(slug)
    if campaign.kind != Campaign.Kind.OPEN_LETTER:
        raise Http404
    names = tuple(", ".join(filter(None, (row.name, row.role))) for row in listed(campaign)[:MOST_NAMES])
    count = signed(campaign)
    more = count.people + count.organisations - len(names) if count.is_shown else 0
    printed = partial(open_letter_pdf, names=names, more=more)
    return document(request, campaign, "open-letter", printed, SIZES[:2], (names, more))


def document(
    request: HttpRequest,
    campaign: Campaign,
    name: str,
    printed: Callable[..., bytes],
    sizes: tuple[Any, ...],
    more: object = (),
) -> HttpResponse:
    """A document of a campaign as a PDF; where there is none just now, a page to print instead."""
    facts, paper = facts_of(campaign, language_of(request, campaign)), paper_of(request, sizes)
    try:
        pdf = public_pdf(request, f"{name}.{paper}", (facts, more), partial(printed, facts, paper=paper))
    except (RenderingFailedError, TooManyError) as failure:
        return instead(request, campaign, facts, failure)
    response = as_pdf(pdf, f"{campaign.slug}-{name}-{facts.language}")
    patch_cache_control(response, public=True, max_age=SHORTLY)
    return response


def instead(request: HttpRequest, campaign: Campaign, facts: Facts, failure: Exception) -> HttpResponse:
    """A page that holds the same and can be printed."""
    context = {"campaign": campaign, "facts": facts, "too_many": isinstance(failure, TooManyError), "failed": True}
    response = render(request, "letters/papers/bulletin.html", context, status=status_of(failure))
    response["Cache-Control"] = "no-store"
    return response
