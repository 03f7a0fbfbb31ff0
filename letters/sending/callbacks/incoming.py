"""Bounces and answers that a mail service brings by HTTPS, each as the raw mail."""

from __future__ import annotations

import base64
import binascii

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from letters.sending.bounces.incoming import Outcome, receive
from letters.sending.bounces.mails import READ_BYTES

NO_CONTENT, UNAUTHORISED, UNAVAILABLE = 204, 401, 503
MINUTE = "60"


@csrf_exempt  # The secret is the credential.
@require_POST
def incoming_mail(request: HttpRequest) -> HttpResponse:
    """Take in the mail that is the body (message/rfc822); `?recipient=` may name the address that it came to.

    Strange mail is taken too: to refuse it would only have it brought again.
    """
    if not settings.INCOMING_MAIL_SECRET:
        raise Http404
    if not constant_time_compare(secret_of(request.headers.get("authorization", "")), settings.INCOMING_MAIL_SECRET):
        return HttpResponse(status=UNAUTHORISED, headers={"WWW-Authenticate": 'Basic realm="mail"'})
    if receive(request.read(READ_BYTES), request.GET.get("recipient", "")) is Outcome.LATER:
        return HttpResponse(status=UNAVAILABLE, headers={"Retry-After": MINUTE})
    return HttpResponse(status=NO_CONTENT)


def secret_of(authorization: str) -> str:
    """The secret of a request: a bearer's token (RFC 6750), or the password of whatever name (RFC 7617)."""
    scheme, _, value = authorization.partition(" ")
    if scheme.casefold() == "bearer":
        return value.strip()
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
