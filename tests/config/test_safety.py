"""Production refuses to start with something missing or unsafe, in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).parents[2]

SAFE = {
    "ENV_FILE": os.devnull,
    "SITE_URL": "https://write.example.test",
    "DATABASE_URL": "postgres://postbag:secret@db.example.test/postbag",
    "BROKER_URL": "redis://broker.example.test/0",
    "DEFAULT_FROM_EMAIL": "Letters <letters@example.test>",
    "EMAIL_URL": "smtp+tls://postbag:secret@relay.example.test:587",
    "DELIVERY_MODE": "live",
    "SECRET_KEY": "s" * 25 + "abcdefghijklmnopqrstuvwxyz0123456789",
    "COUNTING_KEY": "c" * 40,
    "TOKEN_KEY": "t" * 40,
    "PERSONAL_DATA_KEYS": Fernet.generate_key().decode(),
}


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check --deploy` with the safe settings and `changes`, and nothing else in the environment."""
    env = {name: value for name, value in {**SAFE, **changes}.items() if value}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_safe_site_starts_without_a_warning() -> None:
    result = check()

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set"),
        ("TOKEN_KEY", "short", "TOKEN_KEY must have at least 32 characters"),
        ("TOKEN_KEY", SAFE["COUNTING_KEY"], "must differ from each other"),
        ("PERSONAL_DATA_KEYS", "not-a-key", "PERSONAL_DATA_KEYS must be Fernet keys"),
        ("SITE_URL", "http://write.example.test", "SITE_URL must start with https://"),
        ("EMAIL_URL", "", "EMAIL_URL must name a relay"),
        ("EMAIL_URL", "postmark://@", "EMAIL_URL must hold the key of the provider"),
        ("EMAIL_URL", "resend+http://key@api.example.test", "without TLS (+http) on this machine only"),
        ("EMAIL_URL", "mailgun://key@", "EMAIL_WEBHOOK_SECRET must have at least 24 characters"),
        ("DELIVERY_MODE", "maybe", "DELIVERY_MODE must be capture or live"),
        ("LEASE_HANDING_OVER_SECONDS", "60", "LEASE_HANDING_OVER_SECONDS must be longer"),
        ("BROKER_URL", "", "BROKER_URL must be set"),
        ("JOURNAL_ADDRESS", "journal@example.test", "JOURNAL_MAILBOX_URL must be set with JOURNAL_ADDRESS"),
        ("JOURNAL_MAILBOX_URL", "imap://u:p@mail.example.test/", "JOURNAL_MAILBOX_URL must look like imaps://"),
    ],
)
def test_an_unsafe_site_says_in_one_sentence_why_it_does_not_start(name: str, value: str, words: str) -> None:
    result = check(**{name: value})

    assert result.returncode == 1
    assert words in result.stderr
    assert result.stderr.startswith("Postbag does not start: ")
    assert result.stderr.count("\n") == 1
