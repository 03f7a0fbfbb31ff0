"""One's own data: ask by email, then take a copy or erase it, with a link that works for an hour."""

from __future__ import annotations

import datetime as dt
import json

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from letters.keeping import own_data
from letters.models import Delivery
from letters.sealing import Sealed, seal, unseal
from letters.sending import service_mails, tasks
from letters.writing.abuse import TooManyError, charge, may_mail
from letters.writing.drafts import Stamp
from letters.writing.forms import HONEYPOT, OwnAddressForm
from letters.writing.views.guards import by_token, personal
from letters.writing.views.links import GONE, methods

TOO_MANY_REQUESTS = 429
LASTS = dt.timedelta(hours=1)


@personal
@methods
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail a link to it, whether or not anything is stored: nobody learns which."""
    if request.method != "POST":
        return page(request, OwnAddressForm(), Stamp.new())
    form, stamp = OwnAddressForm(request.POST), Stamp.read(request.POST.get("stamp", ""))
    if not form.is_valid() or request.POST.get(HONEYPOT):
        return page(request, form, stamp, status=400)
    try:
        charge(request, seconds=stamp.age)
    except TooManyError:
        notice = _("Many forms come from your network just now. Wait some minutes and press the button again.")
        return page(request, form, stamp, status=TOO_MANY_REQUESTS, notice=notice)
    mail_link(form.cleaned_data["email"])
    return render(request, "letters/own_data/asked.html", {"email": form.cleaned_data["email"]})


def page(request: HttpRequest, form: forms.Form, stamp: Stamp, *, status: int = 200, notice: str = "") -> HttpResponse:
    context = {"form": form, "stamp": stamp.sign(), "notice": notice}
    return render(request, "letters/own_data/ask.html", context, status=status)


def mail_link(email: str) -> None:
    """Mail the link, unless this mailbox had its share."""
    if may_mail(email):
        language = get_language() or ""
        address = service_mails.link("letters:my_data_link", seal(Sealed.EXPORT, email), language)
        until = timezone.now() + LASTS
        with transaction.atomic():
            context = {"link": address, "expires_at": until}
            mail = service_mails.compose(Delivery.Purpose.EXPORT, None, email, language, context, until)
            mail.save(force_insert=True)
            tasks.wake_on_commit()


@personal
@by_token
@methods
def hold(request: HttpRequest, token: str) -> HttpResponse:
    """Show two buttons and nothing that is stored (mail scanners open links); they give the file, or erase."""
    email = unseal(Sealed.EXPORT, token, int(LASTS.total_seconds()))
    if email is None:
        return render(request, "letters/own_data/link_over.html", status=GONE)
    wanted = request.POST.get("do", "")
    if wanted == "download":
        return as_file(email)
    if wanted == "erase" and "yes" in request.POST:
        own_data.erase_all(email)
        return render(request, "letters/own_data/erased.html")
    return render(request, "letters/own_data/hold.html", {"email": email, "is_asked": wanted == "erase"})


def as_file(email: str) -> HttpResponse:
    text = json.dumps(own_data.export(email), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)
