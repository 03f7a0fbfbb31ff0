"""The tests' own servers start, answer and leave nothing behind."""

import os
import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from imap_tools import MailBox
from redis import Redis
from redis.exceptions import AuthenticationError

from tests import servers
from tests.imap_server import ImapServer
from tests.sink import Sink
from tests.workers import StartWorker

ROOT = Path(__file__).parents[1]


@pytest.mark.django_db
def test_the_database_answers() -> None:
    Group.objects.create(name="choir")

    assert Group.objects.filter(name="choir").exists()
    assert connection.vendor in {"postgresql", "sqlite"}


@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_redis_answers_only_with_the_password_of_this_run(redis_url: str) -> None:
    assert Redis.from_url(redis_url).ping()
    with pytest.raises(AuthenticationError):
        Redis(port=urlsplit(redis_url).port or 0).ping()


def test_the_sink_keeps_message_and_envelope(smtp_sink: Sink) -> None:
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        client.sendmail("bounce@postbag.test", ["office@embassy.test"], b"Subject: Free them\r\n\r\nNow.\r\n")

    [received] = smtp_sink.received
    assert (received.mail_from, received.rcpt_tos) == ("bounce@postbag.test", ["office@embassy.test"])
    assert received.message["Subject"] == "Free them"


def test_the_imap_server_has_as_many_mailboxes_as_one_asks_for(dovecot: ImapServer, certificate: Path) -> None:
    first, second = dovecot.mailbox(), dovecot.mailbox()

    first.put(b"Subject: Free them\r\n\r\nNow.\r\n")

    assert [b"Free them" in mail for mail in first.mails()] == [True]
    assert second.mails() == []
    trusting = ssl.create_default_context(cafile=str(certificate))
    with MailBox("127.0.0.1", dovecot.tls_port, ssl_context=trusting).login(first.user, first.password) as box:
        assert [mail.subject for mail in box.fetch()] == ["Free them"]


@pytest.mark.processes
def test_a_worker_starts_stops_and_can_be_killed(worker: StartWorker) -> None:
    first, second = worker(), worker("-P", "prefork", "-c", "1")

    first.stop()
    second.kill9()

    assert first.process.returncode == 0
    assert second.process.returncode == -signal.SIGKILL


@pytest.mark.processes
@pytest.mark.skipif(not servers.postgres_programs(), reason="PostgreSQL is not installed")
def test_a_killed_run_takes_its_servers_and_folders_along() -> None:
    address = servers.new_postgres_address()
    script = f"import time; from tests import servers; servers.Server('postgres', {address!r}); time.sleep(60)"
    run = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    folder = Path(address.partition("host=")[2])
    _wait(lambda: servers.socket_answers(folder / ".s.PGSQL.5432"))
    psycopg.connect(address).close()

    run.kill()
    run.wait()

    _wait(lambda: not folder.exists())


def _wait(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
