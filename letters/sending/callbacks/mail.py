"""News of the provider of mail, read by anymail: what it sent, what arrived, what came back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView, SvixWebhookValidationMixin
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from letters.models import ContactEvent, Delivery, DeliveryState, HoldReason, OvertakenError
from letters.models.transitions import IN_HAND, MOVES
from letters.sending.bounces import contacts
from letters.sending.bounces.causes import finding
from letters.sending.bounces.reader import MOST_WORDS
from letters.sending.channels.provider.services import MARK, service_in_use
from letters.sending.messages import attempt_of
from letters.subscribing import book

logger = logging.getLogger(__name__)
S = DeliveryState

BAD_REQUEST, UNAUTHORISED, TOO_EARLY = 400, 401, 503
SIGNED_WITHIN = 300  # seconds
# Mailgun repeats news for eight hours under the signature of the first time.
MAILGUN_SIGNED_WITHIN = 24 * 3600

# What an event makes of a delivery. All others (deferred, opened, complained ...) change nothing.
NEWS = {
    EventType.QUEUED: S.ACCEPTED,
    EventType.SENT: S.ACCEPTED,
    EventType.DELIVERED: S.DELIVERED,
    EventType.BOUNCED: S.BOUNCED,
    EventType.REJECTED: S.FAILED,
    EventType.FAILED: S.FAILED,
}


class TooEarlyError(Exception):
    """The worker has not written down yet what the provider answered."""


class ResendNews(ResendTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """Checks the signature by itself (standardwebhooks.com): anymail would want the library svix for an HMAC."""

    warn_if_no_basic_auth = False

    def __init__(self, **kwargs: Any) -> None:
        super(SvixWebhookValidationMixin, self).__init__(**kwargs)
        self._svix_webhook = None

    def validate_request(self, request: HttpRequest) -> None:
        """Raise AnymailWebhookValidationFailure unless Resend signed this body, and lately."""
        number, stamp = request.headers.get("svix-id", ""), request.headers.get("svix-timestamp", "")
        check_age(stamp, SIGNED_WITHIN)
        key = base64.b64decode(settings.ANYMAIL["RESEND_SIGNING_SECRET"].removeprefix("whsec_"))
        signed = hmac.new(key, f"{number}.{stamp}.".encode() + request.body, hashlib.sha256).digest()
        expected = f"v1,{base64.b64encode(signed).decode()}"
        given = request.headers.get("svix-signature", "").split()
        if not any(constant_time_compare(signature, expected) for signature in given):
            raise AnymailWebhookValidationFailure("Another signature.")


class MailgunNews(MailgunTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """Looks at the age of a signature too."""

    def validate_request(self, request: HttpRequest) -> None:
        """Raise AnymailWebhookValidationFailure for an old one; the signature itself is anymail's to check."""
        check_age(str(_json(request).get("signature", {}).get("timestamp", "")), MAILGUN_SIGNED_WITHIN)


VIEWS: dict[str, type[AnymailBaseWebhookView]] = {
    "postmark": PostmarkTrackingWebhookView,
    "resend": ResendNews,
    "mailgun": MailgunNews,
}


@csrf_exempt  # The signature, or user and password, are the credential.
@require_POST
def mail_news(request: HttpRequest, provider: str) -> HttpResponse:
    """Hear from the provider in use what became of mails."""
    service = service_in_use()
    if service is None or service.name != provider:
        raise Http404
    try:
        answer: HttpResponse = VIEWS[provider].as_view()(request)
    except AnymailWebhookValidationFailure:
        return HttpResponse(status=UNAUTHORISED)
    except TooEarlyError:
        return HttpResponse(status=TOO_EARLY)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("News that can't be read: %s.", type(error).__name__)
        return HttpResponse(status=BAD_REQUEST)
    return answer


@receiver(tracking)
def hear(event: AnymailTrackingEvent, **_more: Any) -> None:
    """Settle the delivery whose present attempt an event is about.

    Raises:
        TooEarlyError: the provider shall tell it once more, in a minute.
    """
    attempt, state = str(event.metadata.get(MARK, "")), NEWS.get(event.event_type)
    row = Delivery.objects.filter(message_id=attempt.rpartition(".")[0]).select_related("contact", "target").first()
    if row is None or attempt_of(row) != attempt or state is None:
        logger.info("News that changes nothing: %s.", event.event_type)
        return
    if row.state in IN_HAND:
        raise TooEarlyError
    try:
        settle(row, state, event)
    except OvertakenError:
        logger.warning("Left to others: delivery %s.", row.pk)


def settle(row: Delivery, state: DeliveryState, event: AnymailTrackingEvent) -> None:
    """Move a delivery on, never back: what was handed over can arrive, and what arrived can come back.

    What waits to be sent again, because the provider had refused it, must not leave once more when it has it after all.
    """
    if row.state in (S.QUEUED, S.DEFERRED) and state != S.FAILED:
        row.advance(S.HELD, hold_reason=HoldReason.MODERATION, reason="the provider says that it has it already")
    if row.state in (S.UNKNOWN, S.UNRESOLVED):
        row.advance(S.ACCEPTED, reason="evidence: news of the provider", reference=str(event.message_id or "")[:200])
    if row.state in (S.ACCEPTED, S.DELIVERED) and state in MOVES[S(row.state)]:
        row.advance(state, reason=f"the provider: {event.event_type} {event.reject_reason or ''}".strip())
        if state == S.BOUNCED:
            note_bounce(row, event)


def note_bounce(row: Delivery, event: AnymailTrackingEvent) -> None:
    """Note what the office's server said, as if its bounce had come by mail."""
    words = str(event.mta_response or event.description or "")[:MOST_WORDS]
    found = finding(words)
    kind = ContactEvent.Kind.HARD if found.permanent else ContactEvent.Kind.SOFT
    if found.permanent and found.cause in contacts.GONE:
        book.end_after_bounce(row)
    contacts.note(row, kind, cause=found.cause, status=found.status or found.reply, words=words)


def check_age(timestamp: str, seconds: int) -> None:
    """Raise AnymailWebhookValidationFailure for a signature that is too old, or of tomorrow."""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > seconds:
        raise AnymailWebhookValidationFailure("An old signature.")


def _json(request: HttpRequest) -> dict[str, Any]:
    """The body of a request.

    Raises:
        AnymailWebhookValidationFailure: it is no object.
    """
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("signature", {}), dict):
        raise AnymailWebhookValidationFailure("No event.")
    return body
