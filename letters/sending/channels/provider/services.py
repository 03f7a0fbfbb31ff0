"""Which providers there are, and in what they differ beyond what anymail knows. Their settings: `config.mail`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
from anymail.backends.base_requests import AnymailRequestsBackend, RequestsPayload
from django.conf import settings
from django.utils.module_loading import import_string

from letters.sending.channels.contract import Message

OK = 200
MARK = "delivery"  # under this name the provider gives the name of our attempt back, with all that it says of a mail
NONE, DAY = dt.timedelta(0), dt.timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """What a provider has of a mail that it was asked about. Its silence counts only `after` so long."""

    reference: str


class Service:
    """A provider. The base knows no key and no search.

    `window`: for so long a repeat with the same key is no second mail, as its documentation says, less a margin.
    `silent_after`: so long after a hand-over its search has surely caught up; None: there is no search by our name.
    `about_us`: codes in the body of a refusal that blame the account and not the mail.
    """

    name = ""
    window = NONE
    silent_after: dt.timedelta | None = None
    about_us: frozenset[Any] = frozenset()

    def backend(self) -> AnymailRequestsBackend:
        """Anymail's backend with the account of the settings."""
        backend: AnymailRequestsBackend = import_string(f"anymail.backends.{self.name}.EmailBackend")()
        return backend

    def headers(self, message: Message) -> dict[str, str]:
        """Headers that keep the Message-ID ours."""
        return {"Message-ID": f"<{message.message_id.strip('<>')}>"}

    def seal(self, payload: RequestsPayload, attempt: str) -> None:
        """Make a repeat of this attempt harmless, where the provider offers it."""

    def find(self, backend: AnymailRequestsBackend, message: Message) -> Found | None:
        """What the provider has under the name of the attempt.

        Raises:
            requests.RequestException: it can't be asked.
            LookupError: it would not say.
        """
        raise NotImplementedError


class Postmark(Service):
    """postmarkapp.com/developer: Email API, Messages API (search by metadata), error codes."""

    name = "postmark"
    silent_after = dt.timedelta(hours=1)
    # Bad token, maintenance, sender not known or not confirmed, not allowed to send, account pending.
    about_us = frozenset({10, 100, 400, 401, 405, 412})

    def headers(self, message: Message) -> dict[str, str]:
        return {**super().headers(message), "X-PM-KeepID": "true"}

    def find(self, backend: AnymailRequestsBackend, message: Message) -> Found | None:
        query = {"count": 1, "offset": 0, f"metadata_{MARK}": message.attempt}
        stream = settings.ANYMAIL.get("POSTMARK_MESSAGE_STREAM")
        found = _ask(
            urljoin(backend.api_url, "messages/outbound"),
            query | ({"messagestream": stream} if stream else {}),
            headers={"X-Postmark-Server-Token": backend.server_token, "Accept": "application/json"},
        )["Messages"]
        return Found(found[0]["MessageID"]) if found else None


class Resend(Service):
    """resend.com/docs: Send Email, Idempotency Keys (24 hours). It can't be searched by a name of ours."""

    name = "resend"
    window = dt.timedelta(hours=23)

    def seal(self, payload: RequestsPayload, attempt: str) -> None:
        payload.headers["Idempotency-Key"] = attempt


class Mailgun(Service):
    """documentation.mailgun.com: Messages, Events (kept for a day at least, complete after half an hour)."""

    name = "mailgun"
    silent_after = dt.timedelta(hours=1)

    def find(self, backend: AnymailRequestsBackend, message: Message) -> Found | None:
        sender = backend.sender_domain or message.sender.rpartition("@")[2]
        name, since = message.message_id.strip("<>"), (message.date - DAY).timestamp()
        query = {"message-id": name, "begin": since, "ascending": "yes", "limit": 300}
        url = urljoin(backend.api_url, f"{quote(sender, safe='')}/events")
        items = _ask(url, query, auth=("api", backend.api_key))["items"]
        ours = [item for item in items if item.get("user-variables", {}).get(MARK) == message.attempt]
        return Found(f"<{name}>") if ours else None


SERVICES: dict[str, Service] = {service.name: service for service in (Postmark(), Resend(), Mailgun())}


def service_in_use() -> Service | None:
    """The provider that EMAIL_URL names, if it names one."""
    return SERVICES.get(urlsplit(settings.EMAIL_URL).scheme.removesuffix("+http"))


def _ask(url: str, query: dict[str, Any], **how: Any) -> dict[str, Any]:
    answer = requests.get(url, query, timeout=settings.ANYMAIL["REQUESTS_TIMEOUT"], allow_redirects=False, **how)
    if answer.status_code != OK:
        raise LookupError(answer.status_code)
    found: dict[str, Any] = answer.json()
    return found
