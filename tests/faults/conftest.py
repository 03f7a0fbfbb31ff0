"""The servers that a run breaks, and the table at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection
from pytest_django import Settings

from tests.conftest import test_database_address
from tests.faults.crew import Crew
from tests.faults.ordeal import LEASES, Broker
from tests.faults.relay import Relay

HEAD = (
    "seed",
    "deliveries",
    "kills",
    "at the sink",
    "extra",
    "lost",
    "unknown before",
    "unresolved",
    "injected",
    "seconds",
)
UNPACED = {"MAILBOX_PER_HOUR": "0", "MAIL_DOMAIN_PER_HOUR": "0", "FAX_PER_HOUR": "0"}
Hire = Callable[..., Crew]
Row = tuple[int, ...]
TABLE = pytest.StashKey[list[Row]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print a line a seed, and one for all."""
    if not config.stash[TABLE]:
        return
    terminalreporter.section("faults")
    for row in (HEAD, *config.stash[TABLE]):
        terminalreporter.write_line(" | ".join(f"{cell:>{len(name)}}" for cell, name in zip(row, HEAD, strict=True)))
    columns = dict(zip(HEAD, map(sum, zip(*config.stash[TABLE], strict=True)), strict=True))
    said = [f"{columns[name]} {name}" for name in HEAD[1:-1]]
    terminalreporter.write_line(f"{len(config.stash[TABLE])} seeds: {', '.join(said)}")


@pytest.fixture
def table(pytestconfig: pytest.Config) -> list[Row]:
    return pytestconfig.stash[TABLE]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Iterator[Broker]:
    """A Redis server that is this run's alone, to which also this process sends its wake-ups."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    broker = Broker()
    monkeypatch.setattr(current_app.conf, "broker_write_url", broker.address)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    yield broker
    broker.stop()


@pytest.fixture
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


@pytest.fixture
def hire(broker: Broker, tmp_path: Path) -> Iterator[Hire]:
    """Return a function that starts a crew sending to a relay; `more` are arguments for its workers."""
    crews: list[Crew] = []

    def start(relay: Relay, *more: str) -> Crew:
        smtp = {"EMAIL_URL": f"smtp://127.0.0.1:{relay.port}", "SMTP_FINAL_SECONDS": "2", "SMTP_DATA_SECONDS": "2"}
        site = {"DATABASE_URL": test_database_address(), "BROKER_URL": broker.address, "DELIVERY_MODE": "live"}
        crews.append(Crew({**site, **smtp, **LEASES, **UNPACED, "SWEEP_SECONDS": "1"}, tmp_path, *more))
        return crews[-1]

    yield start
    for crew in crews:
        crew.dismiss()
