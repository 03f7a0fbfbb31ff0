"""Email by a provider's API, in two steps: anymail builds the request, one request is the hand-over.

=========================================  ========================================================
what came back                             what it allows
=========================================  ========================================================
no connection, a wrong certificate         retry: nothing left
2xx that names a mail                      a receipt
2xx that refuses the recipient             final
401, 402, 403, 404, 405, 429               retry: it is about our account, address or pace
other 4xx (but 408, 409)                   final, unless its body blames the account
408, 409, 3xx, 5xx, silence, nonsense      unknown: providers were seen to send after a 5xx
=========================================  ========================================================
"""

from __future__ import annotations

import ssl
from email.utils import quote
from types import TracebackType
from typing import Any, Self

import requests
from anymail.backends.base_requests import AnymailRequestsBackend, RequestsPayload
from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from django.core.mail import EmailMultiAlternatives
from urllib3.exceptions import NameResolutionError, NewConnectionError

from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.mime import build, unbuildable
from letters.sending.channels.provider.services import MARK, Found, Service
from letters.sending.channels.smtp import readable

ABOUT_US = frozenset({401, 402, 403, 404, 405, 429})
UNCLEAR = frozenset({408, 409})
REFUSED = range(400, 500)
NEVER_TAKEN = frozenset({"invalid", "rejected", "failed"})


class ProviderChannel:
    """The channel "email" by a provider. One session serves many messages."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._backend: AnymailRequestsBackend = service.backend()
        self._pending: tuple[Message, EmailMultiAlternatives, RequestsPayload] | None = None

    def prepare(self, message: Message) -> None:
        """Build the request; nobody is contacted.

        Raises:
            ChannelError: FINAL when the message breaks the rules that hold by SMTP too, or the provider's.
        """
        self._pending = None
        build(message)
        mail = mail_of(message, self._service.headers(message))
        try:
            payload = self._backend.build_message_payload(mail, self._backend.send_defaults)
        except (AnymailError, ValueError) as error:
            raise unbuildable(f"The provider can't send it as it is: {type(error).__name__}.") from None
        self._service.seal(payload, message.attempt)
        self._pending = message, mail, payload

    def hand_over(self) -> Receipt:
        """Post the prepared request, once.

        Raises:
            ChannelError: see the table above.
        """
        if self._pending is None:
            raise RuntimeError("Nothing was prepared.")
        (message, mail, payload), self._pending = self._pending, None
        self._open()
        try:
            response = self._backend.post_to_esp(payload, mail)
            [status] = self._backend.parse_recipient_status(response, payload, mail).values()
        except AnymailRequestsAPIError as error:
            raise self._refusal(error, message) from None
        if status.status in NEVER_TAKEN:
            raise ChannelError(Verdict.FINAL, Phase.BODY, _said(response, message), response.status_code)
        if not status.message_id:
            raise ChannelError(Verdict.UNKNOWN, Phase.BODY, "The answer names no mail.", response.status_code)
        return Receipt(str(status.message_id))

    def find(self, message: Message) -> Found | None:
        """What the provider has under the name of the message's attempt.

        Raises:
            ChannelError: RETRY: it can't be asked now, or would not say.
        """
        try:
            return self._service.find(self._backend, message)
        except (requests.RequestException, LookupError, TypeError) as error:
            raise ChannelError(Verdict.RETRY, Phase.CONNECT, f"It would not say: {type(error).__name__}.") from None

    def close(self) -> None:
        """Close the connections."""
        self._pending = None
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> None:
        if self._backend.open():
            self._backend.session.max_redirects = 0  # one request is one hand-over

    def _refusal(self, error: AnymailRequestsAPIError, message: Message) -> ChannelError:
        response: requests.Response | None = error.response
        if response is None:
            if never_left(error.__cause__):
                return ChannelError(Verdict.RETRY, Phase.CONNECT, type(error.__cause__).__name__)
            return ChannelError(Verdict.UNKNOWN, Phase.BODY, f"No answer: {type(error.__cause__).__name__}.")
        code = response.status_code
        return ChannelError(self._verdict(code, _body(response)), Phase.BODY, _said(response, message), code)

    def _verdict(self, status: int, body: dict[str, Any]) -> Verdict:
        if status not in REFUSED or status in UNCLEAR:
            return Verdict.UNKNOWN
        return Verdict.RETRY if status in ABOUT_US or body.get("ErrorCode") in self._service.about_us else Verdict.FINAL


def mail_of(message: Message, headers: dict[str, str]) -> EmailMultiAlternatives:
    """The message as Django's mail, which anymail turns into a request: the same words, headers and addresses.

    The return path is the provider's own: what comes back, it tells by webhook.
    """
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=mailbox(message.sender_name, message.sender),
        to=[mailbox(message.to_name, message.to)],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={**dict(message.headers), **headers},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.attachment:
        mail.attach(message.attachment.name, message.attachment.octets, message.attachment.content_type)
    mail.metadata = {MARK: message.attempt}  # type: ignore[attr-defined]  # anymail's way to say it
    return mail


def mailbox(name: str, address: str) -> str:
    """One mailbox, whatever the name says. No encoded words: they are for the provider to make."""
    return f'"{quote(name)}" <{address}>' if name else address


def never_left(error: BaseException | None) -> bool:
    """Whether a request failed before any of it was sent."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error and error.args else None
    certificate = isinstance(getattr(reason, "args", [None])[0], ssl.SSLCertVerificationError) if reason else False
    return certificate or isinstance(reason, NewConnectionError | NameResolutionError)


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _said(response: requests.Response, message: Message) -> str:
    """The provider's words, without any address."""
    body = _body(response)
    words = body.get("Message") or body.get("message") or "It was refused."
    return readable(str(words), message)
