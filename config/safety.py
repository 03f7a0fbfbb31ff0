"""What a site that is not for development must have before it starts."""

from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.fernet import Fernet

from config.mail import LOOPBACK, mail_problems

SECRETS = ("SECRET_KEY", "COUNTING_KEY", "TOKEN_KEY")
REQUIRED = ("SITE_URL", "DATABASE_URL", *SECRETS, "PERSONAL_DATA_KEYS", "DEFAULT_FROM_EMAIL")
SECRET_LENGTH = 32


def refusal(settings: Mapping[str, Any]) -> str:
    """Return one sentence that names everything missing or unsafe in `settings`, or "" when the site may start."""
    found = list(problems(settings))
    return "; ".join(found) + " (README.md lists every setting)." if found else ""


def problems(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield each reason not to start, as a clause."""
    missing = [name for name in REQUIRED if not settings[name]]
    if not settings["CELERY_BROKER_URL"]:
        missing.append("BROKER_URL")
    if missing:
        yield f"{', '.join(missing)} must be set"
    yield from weak_secrets(settings)
    if any(not is_fernet_key(key) for key in settings["PERSONAL_DATA_KEYS"]):
        yield "PERSONAL_DATA_KEYS must be Fernet keys (32 bytes in URL-safe base64)"
    if settings["SITE_URL"] and not settings["HTTPS"] and not only_for_this_machine(settings):
        yield "SITE_URL must start with https:// unless the site is captured on localhost"
    yield from delivery_problems(settings)


def weak_secrets(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets that are too short or used twice."""
    given = {name: settings[name] for name in (*SECRETS, "METRICS_TOKEN", "INCOMING_MAIL_SECRET") if settings[name]}
    short = [name for name, value in given.items() if len(value) < SECRET_LENGTH]
    if short:
        yield f"{', '.join(short)} must have at least {SECRET_LENGTH} characters"
    if len(set(given.values())) < len(given):
        yield f"{', '.join(given)} must differ from each other"


def delivery_problems(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps deliveries from being safe."""
    if settings["DELIVERY_MODE"] not in {"capture", "live"}:
        yield "DELIVERY_MODE must be capture or live"
    if settings["DELIVERY_MODE"] == "live" and not settings["EMAIL_URL"]:
        yield "EMAIL_URL must name a relay or provider when DELIVERY_MODE is live"
    yield from mail_problems(settings)
    if settings["LEASE_HANDING_OVER_SECONDS"] <= settings["SMTP_DATA_SECONDS"] + settings["SMTP_FINAL_SECONDS"]:
        yield "LEASE_HANDING_OVER_SECONDS must be longer than SMTP_DATA_SECONDS and SMTP_FINAL_SECONDS together"


def only_for_this_machine(settings: Mapping[str, Any]) -> bool:
    """Say whether the site can be reached from this machine only and sends nothing."""
    return settings["SITE_HOST"] in LOOPBACK and settings["DELIVERY_MODE"] == "capture"


def is_fernet_key(key: str) -> bool:
    """Say whether `key` can be used by Fernet."""
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
