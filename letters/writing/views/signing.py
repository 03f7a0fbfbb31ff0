"""Signing an open letter: the form, “check your email”, the button, and the way back."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.models import Campaign
from letters import tokens
from letters.counting.signatures import signed
from letters.keeping.signatures import take_back
from letters.models import Signature, SignatureState
from letters.writing import signing
from letters.writing.abuse import TooManyError, charge, mail_was_welcome, network_may
from letters.writing.drafts import Stamp
from letters.writing.signing import OrganisationForm, OtherSignatureError, PersonForm
from letters.writing.views.guards import by_token, personal, published
from letters.writing.views.links import GONE, methods, not_found

TOO_MANY_REQUESTS = 429
CONFLICT = 409
Purpose = tokens.Purpose


@personal
@methods
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text, then the form; a valid one leads to “check your email”."""
    campaign = published(slug)
    if not signing.is_signed_here(campaign):
        raise Http404
    if not campaign.is_open:
        return render(request, "letters/signing/closed.html", {"campaign": campaign}, status=CONFLICT)
    if request.method != "POST":
        return page(request, form_for(request.GET.get("as", "")), campaign, Stamp.new())
    form, stamp = form_for(request.POST.get("as", ""), request.POST), Stamp.read(request.POST.get("stamp", ""))
    if not form.is_valid():
        return page(request, form, campaign, stamp, status=400)
    return ask_for_link(request, form, campaign, stamp)


def form_for(kind: str, data: object = None) -> PersonForm:
    """The form of a person, or of somebody who signs for an organisation."""
    return OrganisationForm(data) if kind == Signature.Kind.ORGANISATION else PersonForm(data)


def page(
    request: HttpRequest, form: PersonForm, campaign: Campaign, stamp: Stamp, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "campaign": campaign,
        "asks": [ask for ask in campaign.asks.all() if ask.kind == "sign"],
        "stamp": stamp.sign(),
        "signed": signed(campaign),
        "notice": notice,
    }
    return render(request, "letters/signing/sign.html", context, status=status)


def ask_for_link(request: HttpRequest, form: PersonForm, campaign: Campaign, stamp: Stamp) -> HttpResponse:
    """Store the signature and mail the link, or say why not."""
    try:
        signature = stored(request, form, campaign, stamp)
    except OtherSignatureError:
        notice = _("This form was sent before with other words. Press the button again to sign with these.")
        return page(request, form, campaign, Stamp.new(), status=CONFLICT, notice=notice)
    except TooManyError:
        notice = _("Many forms come from your network just now. Wait some minutes and press the button again.")
        return page(request, form, campaign, stamp, status=TOO_MANY_REQUESTS, notice=notice)
    return redirect("letters:signature_asked", tokens.make(signature, Purpose.ASKED))


def stored(request: HttpRequest, form: PersonForm, campaign: Campaign, stamp: Stamp) -> Signature:
    """The signature that this form brings. Raises TooManyError, and stores nothing then."""
    with transaction.atomic():
        signature, is_new = signing.store(form, campaign, stamp)
        if is_new:
            charge(request, seconds=stamp.age)
            signing.mail_link(signature)
    return signature


@personal
@by_token
@methods
def signature_asked(request: HttpRequest, token: str) -> HttpResponse:
    """Say where the link went, and send it again."""
    signature = tokens.read_signature(token, Purpose.ASKED)
    if signature is None:
        return not_found(request)
    if signature.state != SignatureState.PENDING or signature.is_late:
        return over(request, signature)
    if request.method == "POST" and network_may(request):
        signing.mail_link(signature)
    context = {"campaign": signature.campaign, "signature": signature, "is_again": request.method == "POST"}
    return render(request, "letters/signing/asked.html", context)


@personal
@by_token
@methods
def signature_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button (mail scanners open links); the button signs, once. Afterwards it leads to the status."""
    signature = tokens.read_signature(token, Purpose.CONFIRM)
    if signature is None:
        return not_found(request)
    if signature.state != SignatureState.PENDING or signature.is_late:
        return over(request, signature)
    if not signature.campaign.is_open:
        return render(request, "letters/signing/closed.html", {"campaign": signature.campaign}, status=CONFLICT)
    if request.method != "POST":
        return render(request, "letters/signing/confirm.html", {"campaign": signature.campaign, "signature": signature})
    email = signature.email
    if signing.confirm(signature):
        mail_was_welcome(email)
    return over(request, signature)


def over(request: HttpRequest, signature: Signature) -> HttpResponse:
    """Lead to the status of what this mailbox signed; where that is nothing, say that the link is over."""
    found = signing.standing(signature)
    if found:
        return redirect("letters:signature", tokens.make(found, Purpose.STATUS))
    return render(request, "letters/signing/link_over.html", {"campaign": signature.campaign}, status=GONE)


@personal
@require_http_methods(["GET", "HEAD"])
def signature(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a signature stands, without a name."""
    found = tokens.read_signature(token, Purpose.STATUS)
    if found is None:
        return not_found(request)
    if found.state == SignatureState.ERASED:
        return over(request, found)
    erase_token = tokens.make(found, Purpose.ERASE)
    context = {"campaign": found.campaign, "signature": found, "erase_token": erase_token}
    return render(request, "letters/signing/status.html", context)


@personal
@by_token
@methods
def signature_erase(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then take the signature back: name and count go."""
    found = tokens.read_signature(token, Purpose.ERASE)
    if found is None:
        return not_found(request)
    if request.method == "POST":
        take_back(found)
    if request.method == "POST" or found.state == SignatureState.ERASED:
        return render(request, "letters/signing/erased.html", {"campaign": found.campaign})
    return render(request, "letters/signing/erase.html", {"campaign": found.campaign})
