"""“Check your email”: after a letter was written and before it is confirmed."""

from __future__ import annotations

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letters import tokens
from letters.models import Letter, LetterState
from letters.writing.abuse import network_may
from letters.writing.forms import OwnAddressForm
from letters.writing.identity import person_key
from letters.writing.store import mail_link
from letters.writing.views.guards import by_token, personal
from letters.writing.views.links import gone, not_found


@personal
@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """Show where the link went; send it again, or to another address."""
    letter = tokens.read(token, tokens.Purpose.ASKED)
    if letter is None:
        return not_found(request)
    if letter.state == LetterState.CONFIRMED:
        return render(request, "letters/asked_before.html", {"campaign": letter.campaign})
    if letter.state != LetterState.PENDING or letter.expires_at <= timezone.now():
        return gone(request, letter)
    if request.method == "POST" and "email" in request.POST:
        return move(request, letter)
    if request.method == "POST":
        return mail_again(request, letter)
    return waiting(request, letter, OwnAddressForm())


def waiting(request: HttpRequest, letter: Letter, form: forms.Form, *, is_again: bool = False) -> HttpResponse:
    context = {
        "letter": letter,
        "campaign": letter.campaign,
        "form": form,
        "is_again": is_again,
        "token": tokens.make(letter, tokens.Purpose.ASKED),
    }
    return render(request, "letters/asked.html", context, status=400 if form.is_bound else 200)


def mail_again(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Mail the link again, within the limits; the answer is the same when they are reached."""
    if network_may(request):
        mail_link(letter)
    return waiting(request, letter, OwnAddressForm(), is_again=True)


def move(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Mail the link to another address; the one that went to the old address becomes useless."""
    form = OwnAddressForm(request.POST)
    if not form.is_valid():
        return waiting(request, letter, form)
    if network_may(request) and readdress(letter, form.cleaned_data["email"]):
        mail_link(letter)
    return redirect("letters:asked", tokens.make(letter, tokens.Purpose.ASKED))


def readdress(letter: Letter, email: str) -> bool:
    """Give a pending letter another address and other links; False, and nothing changed, when it was just confirmed.

    Else whoever confirms from one address and moves at the same moment would have signed with another.
    """
    pending = Letter.objects.filter(pk=letter.pk, state=LetterState.PENDING)
    moved = pending.update(
        email=email, person_key=person_key(letter.campaign, email), token_generation=F("token_generation") + 1
    )
    letter.refresh_from_db()
    return bool(moved)
