"""How calls ended, told by fax services. Nothing else of a call is listened to, and only an accepted fax has an end."""

from __future__ import annotations

import json
import time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from letters.models import Delivery, DeliveryState, OvertakenError
from letters.sending.channels.fax import telnyx
from letters.sending.fax_calls import settle
from letters.sending.messages import attempt_of

NO_CONTENT, BAD_REQUEST, UNAUTHORISED = 204, 400, 401


@csrf_exempt  # The signature is the credential.
@require_POST
def telnyx_fax(request: HttpRequest) -> HttpResponse:
    """Hear from Telnyx how a fax's call ended."""
    if not settings.FAX_URL.startswith(telnyx.NAME):
        raise Http404
    timestamp = request.headers.get("telnyx-timestamp", "")
    signature = request.headers.get("telnyx-signature-ed25519", "")
    if not telnyx.is_signed(telnyx.Account.from_settings(), timestamp, signature, request.body, time.time()):
        return HttpResponse(status=UNAUTHORISED)
    fax = fax_in(request.body)
    if fax is None:
        return HttpResponse(status=BAD_REQUEST)
    hear(fax)
    return HttpResponse(status=NO_CONTENT)


def fax_in(body: bytes) -> dict[str, Any] | None:
    """The fax that an event is about; None when it is no event of a fax."""
    try:
        payload = json.loads(body)["data"]["payload"]
    except (ValueError, KeyError, TypeError):
        return None
    return payload if isinstance(payload, dict) else None


def hear(fax: dict[str, Any]) -> None:
    """Settle the delivery that a fax is the present attempt of, when its call is over."""
    attempt, report = telnyx.attempt_in(fax), telnyx.report_of(fax)
    rows = Delivery.objects.filter(message_id=attempt.rpartition(".")[0]).select_related("contact", "target")
    row = rows.first()
    if row is None or report.outcome is None or attempt_of(row) != attempt:
        return
    try:
        if row.state == DeliveryState.UNKNOWN:
            row.advance(DeliveryState.ACCEPTED, reason="evidence: news of the fax service", reference=report.reference)
        if row.state == DeliveryState.ACCEPTED:
            settle(row, report)
    except OvertakenError:
        return  # the sweep, or the same news, was quicker
