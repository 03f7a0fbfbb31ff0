"""The page on which a branch fills in a resolution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from letters.paper.facts import facts_of
from letters.paper.renderer import RenderingFailedError
from letters.paper.resolution import Resolution, model_text, resolution_pdf
from letters.printing.answers import as_pdf, status_of
from letters.printing.forms import ResolutionForm
from letters.printing.shelf import own_pdf
from letters.writing.abuse import TooManyError
from letters.writing.views.guards import personal, published


@csrf_exempt  # Nothing is stored and nothing leaves, so no cookie is needed.
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def resolution(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask who adopts it, and give it as a PDF; what is left blank is for the pen."""
    campaign, language = published(slug), get_language() or ""
    form = ResolutionForm(request.POST or None)
    facts = facts_of(campaign, language)
    context = {"campaign": campaign, "form": form, "facts": facts}
    if not form.is_valid():
        return render(request, "letters/papers/resolution.html", context, status=400 if form.errors else 200)
    adopted = Resolution(facts, model_text(campaign, language), **form.adopters())
    try:
        return as_pdf(own_pdf(request, lambda: resolution_pdf(adopted, paper=form.chosen_paper).pdf), "resolution")
    except (RenderingFailedError, TooManyError) as failure:
        context |= {"failed": True, "resolution": adopted}
        return render(request, "letters/papers/resolution.html", context, status=status_of(failure))
