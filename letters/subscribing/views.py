"""News by mail: the form, “check your email”, the button, one's own subscription, and the way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from letters import tokens
from letters.models import Pace, Subscription
from letters.sealing import Sealed
from letters.subscribing import asking, book, topics
from letters.subscribing.asking import Wish
from letters.subscribing.forms import ManageForm, SubscribeForm
from letters.writing.abuse import TooManyError, charge, network_may
from letters.writing.drafts import Stamp
from letters.writing.views.guards import by_token, personal
from letters.writing.views.links import GONE, methods

TOO_MANY_REQUESTS = 429
Purpose = tokens.Purpose


@personal
@methods
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask what about, how often, and where to; then mail the link. The page says the same to everybody."""
    if request.method != "POST":
        return page(request, SubscribeForm(None, query=request.GET), Stamp.new())
    form, stamp = SubscribeForm(request.POST, query=request.GET), Stamp.read(request.POST.get("stamp", ""))
    if not form.is_valid():
        return page(request, form, stamp, status=400)
    try:
        charge(request, seconds=stamp.age)
    except TooManyError:
        notice = _("Many forms come from your network just now. Wait some minutes and press the button again.")
        return page(request, form, stamp, status=TOO_MANY_REQUESTS, notice=notice)
    wish = Wish(form.cleaned_data["email"], form.wanted(), form.cleaned_data["pace"], translation.get_language() or "")
    asking.mail_link(wish)
    return redirect("letters:subscription_asked", wish.sealed(Sealed.ASKED))


def page(
    request: HttpRequest, form: SubscribeForm, stamp: Stamp, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    context = {"form": form, "stamp": stamp.sign(), "notice": notice}
    return render(request, "letters/news/subscribe.html", context, status=status)


@personal
@by_token
@methods
def subscription_asked(request: HttpRequest, token: str) -> HttpResponse:
    """Say where the link went, and send it again."""
    wish = Wish.read(Sealed.ASKED, token)
    if wish is None:
        return over(request)
    if request.method == "POST" and network_may(request):
        asking.mail_link(wish)
    return render(request, "letters/news/asked.html", {"wish": wish, "is_again": request.method == "POST"})


@personal
@by_token
@methods
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button (mail scanners open links); the button subscribes, once. Afterwards it leads to what one has."""
    wish = Wish.read(Sealed.SUBSCRIBE, token)
    if wish is None:
        return over(request)
    if request.method == "POST":
        return to_manage(asking.fulfil(wish))
    found = book.find(wish.email)
    if found and wish.is_fulfilled:
        return to_manage(found)
    context = {"topics": topics.named(wish.topics).values(), "pace": Pace(wish.pace).label, "email": wish.email}
    return render(request, "letters/news/confirm.html", context)


def to_manage(subscription: Subscription) -> HttpResponse:
    return redirect("letters:subscription", tokens.make(subscription, Purpose.MANAGE))


@personal
@by_token
@methods
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody gets news about, and change it."""
    found = tokens.read_subscription(token, Purpose.MANAGE)
    if found is None:
        return over(request)
    form = ManageForm(request.POST if request.method == "POST" else None, found)
    is_saved = form.is_bound and form.is_valid()
    if is_saved:
        book.change(found, form.wanted(), Pace(form.cleaned_data["pace"]), form.cleaned_data["language"])
        form = ManageForm(None, found)
    context = {
        "form": form,
        "subscription": found,
        "is_saved": is_saved,
        "unsubscribe_token": tokens.make(found, Purpose.UNSUBSCRIBE),
    }
    return render(request, "letters/news/manage.html", context, status=400 if form.errors else 200)


@csrf_exempt
@personal
@methods
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; it ends everything at once, and so does the POST of a mail program (RFC 8058).

    That comes from another site's server, without cookie and maybe with an Origin: the token alone is the credential.
    """
    found = tokens.read_subscription(token, Purpose.UNSUBSCRIBE)
    if found is None:
        return over(request)
    if request.method == "POST":
        book.end(found)
        return render(request, "letters/news/unsubscribed.html")
    return render(request, "letters/news/unsubscribe.html")


def over(request: HttpRequest) -> HttpResponse:
    """Say that the link is over, the same for old, wrong and used ones."""
    return render(request, "letters/news/link_over.html", status=GONE)
