"""The fax service "telnyx": an HTTP API that dials (developers.telnyx.com: Programmable Fax, Media Storage, Webhooks).

The PDF is uploaded first and lives there for an hour; the request to send it is the hand-over. Telnyx does not call
again by itself, so a fax there is one call, as we want it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

import urllib3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from letters.models import FaxOutcome
from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.fax.document import pdf_of
from letters.sending.channels.fax.reports import Report

NAME = "telnyx"
MEDIA_SECONDS = 3600
PAGE_SIZE, PAGES = 100, 20  # how far back a fax is looked for
SIGNED_WITHIN = 300  # seconds
OK, CREATED, ACCEPTED = 200, 201, 202
UNAUTHORISED, FORBIDDEN, NOT_FOUND, TOO_MANY, SERVER_ERROR = 401, 403, 404, 429, 500

# What each failure_reason means; one that is not here may come from the middle of a page.
REASONS = {
    "user_busy": FaxOutcome.BUSY,
    "receiver_no_answer": FaxOutcome.NO_ANSWER,
    "destination_unreachable": FaxOutcome.NO_ANSWER,
    "fax_initial_communication_timeout": FaxOutcome.NO_FAX,
    "receiver_incompatible_destination": FaxOutcome.NO_FAX,
    "receiver_decline": FaxOutcome.NO_FAX,
    **dict.fromkeys(
        ("receiver_unallocated_number", "receiver_invalid_number_format", "destination_invalid"), FaxOutcome.INVALID
    ),
    **dict.fromkeys(
        (
            "account_disabled",
            "connection_channel_limit_exceeded",
            "destination_not_in_countries_whitelist",
            "destination_not_in_service_plan",
            "no_outbound_profile",
            "outbound_profile_channel_limit_exceeded",
            "outbound_profile_daily_spend_limit_exceeded",
            "service_unavailable",
            "unverified_destination_not_allowed",
            "unverified_origination_number",
            "user_channel_limit_exceeded",
            "file_download_failed",
        ),
        FaxOutcome.LINE,
    ),
    **dict.fromkeys(
        ("file_format_invalid", "file_size_limit_exceeded", "page_count_limit_exceeded"), FaxOutcome.DOCUMENT
    ),
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account, the application that sends (`connection`), and the number that it sends from, in E.164."""

    base: str
    connection: str
    number: str
    key: str = field(repr=False)
    public_key: str = ""
    seconds: float = 60

    @classmethod
    def from_settings(cls) -> Account:
        """Read FAX_URL and FAX_SECONDS.

        Raises:
            ImproperlyConfigured: FAX_URL is not `telnyx:` with a key, a connection, a number and a public key.
        """
        url = urlsplit(settings.FAX_URL)
        # A number and a base64 key hold plus signs, which stand for spaces in a form's data only.
        given = {name: values[0] for name, values in parse_qs(url.query.replace("+", "%2B")).items()}
        key = unquote(url.username or "")
        connection, number, public_key = (given.get(name, "") for name in ("connection", "from", "public_key"))
        if not (key and connection and number and public_key):
            raise ImproperlyConfigured(
                "FAX_URL must look like telnyx://KEY@api.telnyx.com?connection=ID&from=+12025550100&public_key=KEY."
            )
        scheme = "http" if url.scheme == "telnyx+http" else "https"
        host = url.netloc.rpartition("@")[2] or "api.telnyx.com"
        return cls(f"{scheme}://{host}/v2", connection, number, key, public_key, settings.FAX_SECONDS)


class TelnyxChannel:
    """Two requests for each fax, over connections that are kept open."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._http = urllib3.PoolManager(
            headers={"Authorization": f"Bearer {account.key}"},
            timeout=account.seconds,
            retries=False,  # a repeated request would be a second fax; redirects are not followed either
        )
        self._fax: dict[str, Any] | None = None

    def prepare(self, message: Message) -> None:
        """Typeset the fax and upload it.

        Raises:
            ChannelError: FINAL when it cannot be typeset or is refused for good, else RETRY.
        """
        self._fax = None
        pdf = pdf_of(message)
        fields = {"media": ("fax.pdf", pdf, "application/pdf"), "ttl_secs": str(MEDIA_SECONDS)}
        answer = self._ask(Phase.ENVELOPE, "POST", "/media", fields=fields)
        if answer.status not in (OK, CREATED):
            raise _refusal(Phase.ENVELOPE, answer)
        self._fax = {
            "connection_id": self._account.connection,
            "from": self._account.number,
            "to": message.to,
            "media_name": _data(answer).get("media_name", ""),
            "client_state": b64encode(message.attempt.encode()).decode(),
            "quality": "high",
            "store_media": False,
            "store_preview": False,
        }

    def hand_over(self) -> Receipt:
        """Ask to send it.

        Raises:
            ChannelError: UNKNOWN when no clear answer came.
        """
        fax, self._fax = self._fax, None
        if fax is None:
            raise RuntimeError("Nothing was prepared.")
        answer = self._ask(Phase.BODY, "POST", "/faxes", json=fax)
        if answer.status not in (OK, ACCEPTED):
            raise _refusal(Phase.BODY, answer)
        reference = _data(answer).get("id")
        if not reference:
            raise ChannelError(Verdict.UNKNOWN, Phase.BODY, "The answer names no fax.", answer.status)
        return Receipt(str(reference))

    def report(self, attempt: str, reference: str = "") -> Report | None:
        """What Telnyx knows of a fax, by its id, else among the latest by the name of our attempt.

        Raises:
            ChannelError: RETRY: it cannot be asked now.
        """
        faxes = self._one(reference) if reference else self._latest()
        return next((report_of(fax) for fax in faxes if attempt_in(fax) == attempt), None)

    def close(self) -> None:
        """Close the connections."""
        self._fax = None
        self._http.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _one(self, reference: str) -> Iterator[dict[str, Any]]:
        answer = self._ask(Phase.CONNECT, "GET", f"/faxes/{quote(reference, safe='')}")
        if answer.status == OK:
            yield _data(answer)
        elif answer.status != NOT_FOUND:
            raise ChannelError(Verdict.RETRY, Phase.CONNECT, "It would not say.", answer.status)

    def _latest(self) -> Iterator[dict[str, Any]]:
        """Yield the latest faxes, the newest first, as they are listed in pages."""
        for page in range(1, PAGES + 1):
            answer = self._ask(Phase.CONNECT, "GET", f"/faxes?page[number]={page}&page[size]={PAGE_SIZE}")
            if answer.status != OK:
                raise ChannelError(Verdict.RETRY, Phase.CONNECT, "It would not say.", answer.status)
            faxes = _body(answer).get("data") or []
            yield from faxes
            if len(faxes) < PAGE_SIZE:
                return
        raise ChannelError(Verdict.RETRY, Phase.CONNECT, "There are too many faxes to look through.")

    def _ask(self, phase: Phase, method: str, path: str, **content: Any) -> urllib3.BaseHTTPResponse:
        try:
            return self._http.request(method, f"{self._account.base}{path}", **content)
        except (NewConnectionError, NameResolutionError) as error:
            raise ChannelError(Verdict.RETRY, Phase.CONNECT, type(error).__name__) from None
        except HTTPError as error:
            verdict = Verdict.UNKNOWN if phase is Phase.BODY else Verdict.RETRY
            raise ChannelError(verdict, phase, type(error).__name__) from None


def _refusal(phase: Phase, answer: urllib3.BaseHTTPResponse) -> ChannelError:
    """What an answer that is no success allows. After a failure of the server nobody knows what it had done before."""
    errors = _body(answer).get("errors") or [{}]
    words = "".join(c for c in str(errors[0].get("title", "")) if c.isprintable())[:100]
    about_us = answer.status in (UNAUTHORISED, FORBIDDEN, TOO_MANY)
    if answer.status >= SERVER_ERROR or answer.status < OK:
        verdict = Verdict.UNKNOWN if phase is Phase.BODY else Verdict.RETRY
    else:
        verdict = Verdict.RETRY if about_us else Verdict.FINAL
    return ChannelError(verdict, phase, words or "It was refused.", answer.status)


def _body(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        body = json.loads(answer.data)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _data(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    data = _body(answer).get("data")
    return data if isinstance(data, dict) else {}


# ── What is told of a fax, when asked and by webhook ──────────────────────────────────────────────────────────────────


def report_of(fax: Mapping[str, Any]) -> Report:
    """What a fax in their words means. The number of pages is in its news and not always in its state."""
    reference, status = str(fax.get("fax_id") or fax.get("id") or ""), fax.get("status")
    reason = str(fax.get("failure_reason") or "")
    if status == "delivered":
        pages = max(int(fax.get("page_count") or 1), 1)
        return Report(reference, FaxOutcome.DELIVERED, pages=pages, ended_at=_time(fax))
    if status == "failed":
        outcome = REASONS.get(reason, FaxOutcome.BROKEN_OFF)
        return Report(reference, outcome, status=reason, ended_at=_time(fax))
    return Report(reference)


def attempt_in(fax: Mapping[str, Any]) -> str:
    """The name of our attempt, which they give back with all that they say of a fax; "" where it is not ours."""
    try:
        return b64decode(str(fax.get("client_state") or ""), validate=True).decode()
    except (NotBase64, UnicodeDecodeError):
        return ""


def is_signed(account: Account, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether a webhook comes from Telnyx, and lately: Ed25519 over `timestamp|body`, within five minutes."""
    try:
        if abs(now - int(timestamp)) > SIGNED_WITHIN:
            return False
        key = Ed25519PublicKey.from_public_bytes(b64decode(account.public_key))
        key.verify(b64decode(signature), timestamp.encode() + b"|" + body)
    except (ValueError, InvalidSignature):
        return False
    return True


def _time(fax: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(fax["updated_at"]))
    except (KeyError, ValueError):
        return None
