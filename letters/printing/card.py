"""The page of a card to a person in prison."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.models import ModelLetter
from campaigns.people import Profile, prisoners, with_standing
from letters.paper.card import Card, Way, card_pdf
from letters.paper.renderer import RenderingFailedError
from letters.printing.answers import as_pdf, status_of
from letters.printing.forms import CardForm
from letters.printing.shelf import own_pdf
from letters.writing.abuse import TooManyError
from letters.writing.views.guards import personal


@csrf_exempt  # Nothing is stored and nothing leaves, so no cookie is needed.
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a card with its envelope and the rules of the mail there, and give it as a PDF."""
    profile = Profile(get_object_or_404(with_standing(prisoners()), slug=slug))
    if not (profile.now and profile.now.is_held):
        raise Http404
    form = CardForm(request.POST or None, initial={"own_words": suggestion(profile)})
    context = {"person": profile.person, "form": form, "way": way_to(profile)}
    if not form.is_valid():
        return render(request, "letters/papers/card.html", context, status=400 if form.errors else 200)
    context["card"] = printed = Card(way_to(profile), get_language() or "", **form.words())
    if "pdf" not in request.POST:
        return render(request, "letters/papers/card.html", context)
    try:
        return as_pdf(own_pdf(request, lambda: card_pdf(printed, paper=form.chosen_paper).pdf), "card")
    except (RenderingFailedError, TooManyError) as failure:
        return render(request, "letters/papers/card.html", {**context, "failed": True}, status=status_of(failure))


def way_to(profile: Profile) -> Way:
    """The first address in use, with its rules; else the organisers."""
    for address, rules in profile.letters_to:
        if address.lines and not address.withdrawn and address.kind != address.Kind.NONE_YET:
            return Way(profile.person, address, rules)
    return Way(profile.person, None, next((rules for _address, rules in profile.letters_to), None))


def suggestion(profile: Profile) -> str:
    """The organisers' text for a card, where a campaign has one."""
    texts = ModelLetter.objects.filter(campaign__in=profile.open_campaigns, kind=ModelLetter.Kind.PRISONER)
    return next((str(text.body) for text in texts), "")
