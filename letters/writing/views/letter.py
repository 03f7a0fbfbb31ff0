"""Writing a letter: where from, page 1, the check page, and the request for a link to confirm."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Campaign
from letters import tokens
from letters.models import Letter
from letters.printing.shelf import own_pdf
from letters.writing.abuse import TooManyError, charge, may_preview
from letters.writing.drafts import Draft, Stamp, digest, typed
from letters.writing.fax import too_long
from letters.writing.forms import HONEYPOT, ORIGIN, LetterForm, OriginForm
from letters.writing.offer import Offer
from letters.writing.preview import preview_of
from letters.writing.rows import other_ways, page_rows
from letters.writing.store import OtherLetterError, mail_link, store
from letters.writing.views.closed import closed
from letters.writing.views.guards import personal, published
from letters.writing.ways import ways_open

TOO_MANY_REQUESTS = 429
CONFLICT = 409


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead from "where from" over page 1 and the check page to the mail with the link. Stores nothing before that."""
    campaign = published(slug)
    if not campaign.is_open:
        return closed(request, campaign)
    origin = OriginForm(request.GET if ORIGIN in request.GET else request.POST)
    if not origin.is_valid() or (request.method != "POST" and ORIGIN not in request.GET):
        return where(request, campaign, origin)
    offer = origin.offer(campaign)
    if request.method == "POST":
        return STEPS.get(request.POST.get("step", ""), check)(request, offer)
    if not offer.sendable:
        return redirect(address(offer, "letters:print"))
    return page_1(request, LetterForm(offer=offer), Stamp.new(campaign.facts_version))


def where(request: HttpRequest, campaign: Campaign, origin: OriginForm) -> HttpResponse:
    """Ask where the supporter writes from, unless everything goes by post anyway."""
    offer, has_missions = Offer(campaign, ""), campaign.targets.exclude(mission_of="").exists()
    if not has_missions and not offer.sendable and ORIGIN not in request.GET:
        return redirect(reverse("letters:print", args=[campaign.slug]))
    asked = ORIGIN in request.GET
    form = origin if asked else OriginForm()
    context = {"campaign": campaign, "form": form, "can_print": has_missions or bool(offer.postable)}
    return render(request, "letters/where.html", context, status=400 if asked else 200)


@csrf_exempt  # Nothing is stored and nothing leaves, so no cookie is needed.
@personal
@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The letters as they would be sent now, a part of page 1. Gently limited: each pause in typing asks for it."""
    campaign = published(slug)
    if not may_preview(request):
        return HttpResponse(status=TOO_MANY_REQUESTS)
    offer = OriginForm(request.GET).offer(campaign)
    stamp = Stamp.read(request.POST.get("stamp", ""), campaign.facts_version)
    form = LetterForm(request.POST, offer=offer, stamp=stamp)
    return render(request, "letters/includes/_preview.html", {"preview": preview_of(form), "campaign": campaign})


def page_1(request: HttpRequest, form: LetterForm, stamp: Stamp) -> HttpResponse:
    """Show the form."""
    stamp = stamp.showing(form.model_texts())
    others = list(other_ways(form.offer))
    context = {
        **page_rows(form),
        "others": others,
        "stamp": stamp.sign(),
        "preview": preview_of(form),
        "ways": ways_open(form.offer),
    }
    return render(request, "letters/write.html", context, status=400 if form.is_bound else 200)


def check(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Show what would be sent to whom, exactly, or what is wrong with the form."""
    stamp = Stamp.read(request.POST.get("stamp", ""), offer.campaign.facts_version)
    form = LetterForm(request.POST, offer=offer, stamp=stamp)
    if form.is_valid() and (problem := too_many_pages(request, form)):
        form.add_error("own_words", problem)
    if not form.is_valid():
        return page_1(request, form, stamp)
    draft = Draft(stamp, typed(request.POST, [name for name in form.fields if name != HONEYPOT]))
    return page_2(request, form, draft, notice=news(draft, form))


def update(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Show page 1 again with all that was typed: the text in the language that was chosen, and the preview."""
    stamp = Stamp.read(request.POST.get("stamp", ""), offer.campaign.facts_version)
    return page_1(request, LetterForm(offer=offer, stamp=stamp, reopened=request.POST), stamp)


def change(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Lead back from the check page with all that was typed."""
    draft = draft_in(request, offer)
    if draft is None:
        return check(request, offer)
    form = LetterForm(offer=offer, stamp=draft.stamp, reopened=draft.form_data())
    return page_1(request, form, draft.stamp)


def send(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Store what the check page showed and mail the link; the same draft again leads to the same page again."""
    draft = draft_in(request, offer)
    if draft is None:
        return check(request, offer)
    form = LetterForm(draft.form_data(), offer=offer, stamp=draft.stamp)
    if not form.is_valid():
        return page_1(request, form, draft.stamp)
    notice = news(draft, form) or too_many_pages(request, form)
    return page_2(request, form, draft, notice=notice) if notice else ask_for_link(request, form, draft)


def draft_in(request: HttpRequest, offer: Offer) -> Draft | None:
    """The draft of a check page; None where somebody tampered with it."""
    try:
        return Draft.read(request.POST.get("draft", ""), offer.campaign.slug)
    except signing.BadSignature:
        return None


def news(draft: Draft, form: LetterForm) -> str:
    """What the supporter must look at before they send; "" when all is as it was when they began."""
    if draft.stamp.facts != form.offer.campaign.facts_version:
        return _("The facts of this case have changed while you wrote. Look at your letter again.")
    if draft.shown and draft.shown != shown(form):
        return _("The letter was changed meanwhile. Please look at it again.")
    return ""


def too_many_pages(request: HttpRequest, form: LetterForm) -> str:
    """Which letter no fax may hold, in a sentence."""
    return too_long(form.cards, form.cleaned_data["name"], partial(own_pdf, request))


def ask_for_link(request: HttpRequest, form: LetterForm, draft: Draft) -> HttpResponse:
    """Store the letter and lead to “check your email”, or say why not."""
    try:
        letter = stored(request, form, draft)
    except OtherLetterError:
        again = Draft(Stamp.new(draft.stamp.facts), draft.data)
        notice = _("You asked for a link from this page before, with another text. Check this one, and ask again.")
        return page_2(request, form, again, notice=notice, status=CONFLICT)
    except TooManyError:
        notice = _("Many letters come from your network just now. Wait some minutes and press the button again.")
        return page_2(request, form, draft, notice=notice, status=TOO_MANY_REQUESTS)
    return redirect("letters:asked", tokens.make(letter, tokens.Purpose.ASKED))


def stored(request: HttpRequest, form: LetterForm, draft: Draft) -> Letter:
    """The letter of this draft; the first time it is paid for, stored and its link mailed, all or nothing."""
    with transaction.atomic():
        letter, is_new = store(form, draft)
        if is_new:
            charge(request, seconds=draft.stamp.age)
            mail_link(letter)
    return letter


def page_2(
    request: HttpRequest, form: LetterForm, draft: Draft, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """Show the check page of a valid form."""
    stamp = replace(draft.stamp, facts=form.offer.campaign.facts_version)
    draft = Draft(stamp, draft.data, shown(form))
    context = {
        "campaign": form.offer.campaign,
        "form": form,
        "cards": form.cards,
        "copies": form.offer.campaign.copy_addresses.all() if form.cleaned_data.get("copies") else [],
        "draft": draft.sign(form.offer.campaign.slug),
        "notice": notice,
        "is_model_text": all(card.is_model_text for card in form.cards),
    }
    return render(request, "letters/check.html", context, status=status)


def shown(form: LetterForm) -> str:
    """A digest of all that the check page shows of the letters."""
    return digest([card.facts() for card in form.cards])


def address(offer: Offer, name: str) -> str:
    """The page `name` of this campaign for the same country."""
    return f"{reverse(name, args=[offer.campaign.slug])}?{offer.query}"


STEPS = {"update": update, "change": change, "send": send}
