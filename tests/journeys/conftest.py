"""What the journeys of deliveries share: live mode, a server that misbehaves on request, workers that send to it."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from tests.smtp_faults import FaultySmtpServer
from tests.workers import StartWorker, Worker

StartLive = Callable[..., Worker]


@pytest.fixture
def live_mode(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


@pytest.fixture
def server() -> Iterator[FaultySmtpServer]:
    server = FaultySmtpServer()
    yield server
    server.stop()


@pytest.fixture
def live_worker(worker: StartWorker, live_mode: None, server: FaultySmtpServer) -> StartLive:
    """Start a worker that sends to `server`, as fast as it can, and takes others for dead after seconds."""

    def start(*arguments: str, **env: str) -> Worker:
        unpaced = {"MAILBOX_PER_HOUR": "0", "MAIL_DOMAIN_PER_HOUR": "0", "FAX_PER_HOUR": "0"}
        short = {"LEASE_SENDING_SECONDS": "2", "LEASE_HANDING_OVER_SECONDS": "3", "SWEEP_SECONDS": "1"}
        smtp = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "SMTP_FINAL_SECONDS": "2", "SMTP_DATA_SECONDS": "2"}
        return worker(*arguments, **{"DELIVERY_MODE": "live", **unpaced, **short, **smtp, **env})

    return start
