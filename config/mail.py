"""What EMAIL_URL means in the words of Django and of anymail: a relay that speaks SMTP, or a provider with an API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# For a connection, and for an answer; longer than providers take, shorter than anybody waits for a worker to stop.
REQUEST_SECONDS = (10, 60)
WEBHOOK_SECRET_LENGTH = 24
UNTRACKED = {"track_opens": False, "track_clicks": False}


@dataclass(frozen=True)
class Provider:
    """Where a provider is and what anymail calls its settings, all without the provider's name before it.

    `secret` is what checks its news, `options` are parts of the query, `defaults` go with each mail.
    """

    host: str
    key: str
    secret: str
    path: str = "/"
    options: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


# Resend knows no tracking for a single mail: it is a switch of the domain, off unless somebody turns it on.
PROVIDERS = {
    "postmark": Provider(
        "api.postmarkapp.com", "SERVER_TOKEN", "", options={"stream": "MESSAGE_STREAM"}, defaults=UNTRACKED
    ),
    "resend": Provider("api.resend.com", "API_KEY", "SIGNING_SECRET"),
    "mailgun": Provider(
        "api.mailgun.net",
        "API_KEY",
        "WEBHOOK_SIGNING_KEY",
        "/v3/",
        {"domain": "SENDER_DOMAIN"},
        {**UNTRACKED, "esp_extra": {"o:tracking": "no"}},
    ),
}
BASIC_AUTH = "WEBHOOK_SECRET"  # for providers that sign nothing: anymail asks for this user and password


def provider_of(email_url: str) -> str:
    """The name of the provider in EMAIL_URL; "" for a relay."""
    name = urlsplit(email_url).scheme.removesuffix("+http")
    return name if name in PROVIDERS else ""


def anymail_settings(email_url: str, webhook_secret: str) -> dict[str, Any]:
    """The setting ANYMAIL for an EMAIL_URL like `postmark://TOKEN@`; nothing for a relay."""
    name, url = provider_of(email_url), urlsplit(email_url)
    if not name:
        return {}
    provider, given = PROVIDERS[name], parse_qs(url.query)
    own = {
        provider.key: unquote(url.username or ""),
        "API_URL": _base(url, provider),
        "SEND_DEFAULTS": dict(provider.defaults),
        **{option: given[part][0] for part, option in provider.options.items() if part in given},
    }
    if provider.secret:
        own[provider.secret] = webhook_secret
    shared = {"REQUESTS_TIMEOUT": REQUEST_SECONDS, BASIC_AUTH: [] if provider.secret else [webhook_secret]}
    return shared | {f"{name.upper()}_{option}": value for option, value in own.items()}


def _base(url: SplitResult, provider: Provider) -> str:
    scheme = "http" if url.scheme.endswith("+http") else "https"
    return f"{scheme}://{url.netloc.rpartition('@')[2] or provider.host}{provider.path}"


def mail_problems(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps mail from being sent, or evidence from being kept, safely."""
    url = urlsplit(settings["EMAIL_URL"])
    if provider_of(settings["EMAIL_URL"]):
        if not url.username:
            yield "EMAIL_URL must hold the key of the provider, as in postmark://TOKEN@"
        if url.scheme.endswith("+http") and url.hostname not in LOOPBACK:
            yield "EMAIL_URL may be without TLS (+http) on this machine only"
        if len(settings["EMAIL_WEBHOOK_SECRET"]) < WEBHOOK_SECRET_LENGTH:
            yield f"EMAIL_WEBHOOK_SECRET must have at least {WEBHOOK_SECRET_LENGTH} characters for a provider’s news"
    if settings["JOURNAL_ADDRESS"] and not settings["JOURNAL_MAILBOX_URL"]:
        yield "JOURNAL_MAILBOX_URL must be set with JOURNAL_ADDRESS, since copies are deleted there"
    for name in ("JOURNAL_MAILBOX_URL", "INCOMING_MAILBOX_URL"):
        if not is_private_mailbox(settings[name]):
            yield f"{name} must look like imaps://user:password@host/INBOX"


def is_private_mailbox(url: str) -> bool:
    """Say whether nobody can listen on the way to the mailbox at `url`; an empty one names none."""
    parts = urlsplit(url)
    local = parts.scheme == "imap" and parts.hostname in LOOPBACK
    return not url or (bool(parts.hostname) and (parts.scheme == "imaps" or local))
