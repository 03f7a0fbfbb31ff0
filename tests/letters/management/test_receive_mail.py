"""manage.py receive_mail, as the pipe of a mail server runs it."""

import io
import os
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError

from letters.management.commands import receive_mail
from letters.models import DeliveryState
from letters.sending.return_addresses import Kind, address_for
from tests.letters.sending.bounces.coming_back import comes_back, sent, state_of

pytestmark = pytest.mark.django_db


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes, *arguments: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("receive_mail", *arguments, stdout=out, stderr=out)
    return out.getvalue().strip()


def test_a_mail_comes_through_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = sent()
    address = address_for(delivery, Kind.BOUNCE)

    assert pipe(monkeypatch, comes_back(delivery, "postfix-unknown"), address) == "taken in"
    assert pipe(monkeypatch, b"") == "not for us"
    assert state_of(delivery) == DeliveryState.BOUNCED


def test_the_server_tries_again_while_the_database_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(receive_mail, "receive", gone)

    with pytest.raises(SystemExit) as stopped:
        pipe(monkeypatch, b"Subject: x\n\n")
    assert stopped.value.code == os.EX_TEMPFAIL
