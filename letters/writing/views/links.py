"""The links in supporters' mails: confirm, see what became of it, erase. The token is the credential."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from letters import tokens
from letters.keeping.erasure import erase as erase_letter
from letters.models import DeliveryState, FaxCall, Letter, LetterState
from letters.models.transitions import IN_HAND
from letters.paper.receipt import receipt_response
from letters.paper.renderer import RenderingFailedError
from letters.printing.answers import status_of
from letters.printing.shelf import own_pdf
from letters.sending import outbox
from letters.writing.abuse import TooManyError, mail_was_welcome
from letters.writing.offer import Offer
from letters.writing.rows import next_step
from letters.writing.views.closed import closed_before_confirmation
from letters.writing.views.guards import by_token, personal

GONE = 410
NOT_FOUND = 404
methods = require_http_methods(["GET", "HEAD", "POST"])


@personal
@by_token
@methods
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what waits and one button (mail scanners open links); the button sends, once."""
    letter = tokens.read_late(token, tokens.Purpose.CONFIRM)
    if letter is None:
        return not_found(request)
    if letter.shows_states:
        return redirect("letters:status", tokens.make(letter, tokens.Purpose.STATUS))
    if letter.state != LetterState.PENDING or letter.expires_at <= timezone.now():
        return gone(request, letter)
    if not letter.campaign.is_open:
        return closed_before_confirmation(request, letter)
    if request.method == "POST":
        return send(letter)
    offices = letter.addressings.select_related("target", "office").order_by("pk")
    return render(request, "letters/confirm.html", {"campaign": letter.campaign, "letter": letter, "offices": offices})


def send(letter: Letter) -> HttpResponse:
    """Confirm and lead to the status page; a second click gets there too, and sends nothing."""
    email = letter.email
    if outbox.confirm(letter):
        mail_was_welcome(email)
    return redirect("letters:status", tokens.make(letter, tokens.Purpose.STATUS))


@personal
@require_http_methods(["GET", "HEAD"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show where each letter is: offices and states, never a name, an address or the text."""
    letter = tokens.read(token, tokens.Purpose.STATUS)
    if letter is None:
        return not_found(request)
    if not letter.shows_states:
        return gone(request, letter)
    deliveries = letter.deliveries.letters().filter(replaced_at=None).select_related("target").order_by("pk")
    context = {
        "campaign": letter.campaign,
        "letter": letter,
        "token": token,
        "deliveries": deliveries,
        "heading": heading([DeliveryState(delivery.state) for delivery in deliveries]),
        "step": next_step(Offer(letter.campaign, str(letter.country))),
        "erase_url": erase_url(letter) if letter.state == LetterState.CONFIRMED else "",
    }
    return render(request, "letters/status.html", context)


def erase_url(letter: Letter) -> str:
    return reverse("letters:erase", args=[tokens.make(letter, tokens.Purpose.ERASE)])


ON_THE_WAY = IN_HAND | {DeliveryState.QUEUED, DeliveryState.DEFERRED}
TAKEN = {DeliveryState.ACCEPTED, DeliveryState.DELIVERED}


def heading(states: list[DeliveryState]) -> str:
    """What the status page says above all: never that something is on its way which is not."""
    number, moving = len(states), sum(state in ON_THE_WAY for state in states)
    if moving and moving == number:
        return ngettext("%(n)s letter is on its way", "%(n)s letters are on their way", number) % {"n": number}
    if moving:
        some = ngettext("%(n)s of %(all)s letters is on its way", "%(n)s of %(all)s letters are on their way", moving)
        return some % {"n": moving, "all": number}
    if number and set(states) == {DeliveryState.HELD}:
        return ngettext("Your letter waits for somebody here", "Your letters wait for somebody here", number)
    if all(state in TAKEN for state in states):
        return ngettext("%(n)s letter was handed over", "%(n)s letters were handed over", number) % {"n": number}
    return _("What became of your letters")


@personal
@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, token: str, delivery: int) -> HttpResponse:
    """The receipt of a fax of this letter as a PDF. It names no supporter."""
    letter = tokens.read(token, tokens.Purpose.STATUS)
    if letter is None or letter.state == LetterState.ERASED:
        return not_found(request)
    calls = FaxCall.objects.filter(delivery__letter=letter, delivery=delivery)
    try:
        return own_pdf(request, lambda: receipt_response(calls))
    except (RenderingFailedError, TooManyError) as failure:
        said = _("The receipt can’t be printed just now. Come back a little later.")
        return HttpResponse(said, status=status_of(failure), content_type="text/plain; charset=utf-8")


@personal
@by_token
@methods
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then erase: personal data goes, what has not left is cancelled, the count stays."""
    letter = tokens.read(token, tokens.Purpose.ERASE)
    if letter is None:
        return not_found(request)
    if letter.state == LetterState.ERASED:
        return render(request, "letters/erased.html", {"campaign": letter.campaign})
    if request.method == "POST":
        erase_letter(letter)
        return render(request, "letters/erased.html", {"campaign": letter.campaign})
    return render(request, "letters/erase.html", {"campaign": letter.campaign})


def gone(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Say that the link is over and the letter deleted, without a word of it."""
    return render(request, "letters/link_over.html", {"campaign": letter.campaign}, status=GONE)


def not_found(request: HttpRequest) -> HttpResponse:
    """Say that this is no link of ours, the same for every wrong one."""
    return render(request, "letters/link_wrong.html", status=NOT_FOUND)
