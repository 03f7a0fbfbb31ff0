"""What every test can ask for: real servers, a mail sink, a Celery worker, a browser.

The environment is set here, before Django reads its settings, and nothing of the developer's own is let in.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests import servers
from tests.browsing import CHROMIUM, FLAGS, Watch
from tests.imap_server import ImapServer, imap_server, self_signed
from tests.sink import Sink, listen
from tests.workers import StartWorker, Worker, start_worker

IN_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ
# The journeys run once more on the demo's database: `TEST_DATABASE=sqlite pytest tests/journeys`.
# So does everything where PostgreSQL or Redis is not installed.
HAS_REDIS = shutil.which("redis-server") is not None
ON_SQLITE = os.environ.get("TEST_DATABASE") == "sqlite" or not (servers.postgres_programs() and HAS_REDIS)

if not IN_XDIST_WORKER:
    if settings.configured:
        raise pytest.UsageError(
            "Unset DJANGO_SETTINGS_MODULE: with it, Django read your settings before the tests' own."
        )
    for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "EMAIL_URL", "FAX_URL", "DELIVERY_MODE", "SITE_URL"):
        os.environ.pop(name, None)
    os.environ.update(
        DEBUG="on",
        ENV_FILE=os.devnull,
        DATABASE_URL="sqlite:///var/test.sqlite3" if ON_SQLITE else servers.new_postgres_address(),
        # The demo's broker needs no server either; its folder is the run's own.
        BROKER_URL="filesystem://" if ON_SQLITE else servers.new_redis_address(),
        SITE_URL="http://testserver",
        # A test sees at once what it has changed.
        PUBLIC_PAGE_SECONDS="0",
        DEFAULT_FROM_EMAIL="Letters <letters@postbag.test>",
        # A character that no font has must not pass as a box.
        PDF_STRICT="on",
        # Playwright runs an event loop in the thread of the test, which Django takes for asynchronous code.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="postbag-var-", dir=servers.FOLDERS)
else:
    # Each process of pytest-xdist has a database of its own, so a wake-up must reach its own Celery worker. A test that
    # crashes PostgreSQL must not take it from the others: that is a server of its own, too.
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1
    os.environ["VAR_DIR"] += f"/{number}"
    if not ON_SQLITE:
        os.environ["DATABASE_URL"] = servers.new_postgres_address()
        os.environ["BROKER_URL"] = os.environ["BROKER_URL"].removesuffix("/0") + f"/{number}"

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
# A process of pytest-xdist that found it would read the settings before its own branch above.
del os.environ["DJANGO_SETTINGS_MODULE"]
# Real hashing is slow on purpose, and no test asks how slow.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_report_header() -> str:
    """Say when the real database is not the one tested."""
    return "database: SQLite" if ON_SQLITE else "database: PostgreSQL"


# Where several processes share the tests, the longest waits begin first, so that none is left over at the end.
FIRST = ("fax", "faults", "processes", "browser", "slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each file together, and begin with the files that have the longest waits."""
    ranks: dict[Path, int] = {}
    for item in items:
        rank = next((place for place, name in enumerate(FIRST) if item.get_closest_marker(name)), len(FIRST))
        ranks[item.path] = min(ranks.get(item.path, len(FIRST)), rank)
    places = {item.path: place for place, item in reversed(list(enumerate(items)))}
    items.sort(key=lambda item: (ranks[item.path], places[item.path]))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start PostgreSQL for this run and return its address (on the SQLite run: that one's)."""
    yield from _server("postgres", os.environ["DATABASE_URL"], started=ON_SQLITE)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Start Redis for this run and return its address, which is the broker's (but on the SQLite run)."""
    if not HAS_REDIS:
        pytest.skip("redis-server is not installed")
    address = servers.new_redis_address() if ON_SQLITE else os.environ["BROKER_URL"]
    yield from _server("redis", address, started=IN_XDIST_WORKER and not ON_SQLITE)


def _server(kind: str, address: str, *, started: bool) -> Iterator[str]:
    server = None if started else servers.Server(kind, address)
    yield address
    if server:
        server.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Start the broker that all processes of pytest-xdist share, before the first of them."""
    if not SHARED and not ON_SQLITE:
        SHARED.append(servers.Server("redis", os.environ["BROKER_URL"]))


SHARED: list[servers.Server] = []


def pytest_unconfigure() -> None:
    """Stop the servers that processes shared, and leave no folder behind."""
    for server in SHARED:
        server.stop()
    if not IN_XDIST_WORKER:
        shutil.rmtree(os.environ["VAR_DIR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Have both servers before the first test with a database: what it commits may wake the worker."""
    if ON_SQLITE:
        # A file, since no other process could open a database in memory.
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        for server in ("postgres", "redis_url"):
            request.getfixturevalue(server)


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    """Return an SMTP server on loopback that takes every message and keeps it with its envelope."""
    with listen() as sink:
        yield sink


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate for the loopback address, with its key in the same file."""
    return self_signed(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture(scope="session")
def dovecot(certificate: Path) -> Iterator[ImapServer]:
    """Start an IMAP server for this run; `dovecot.mailbox()` is an empty mailbox on it."""
    if not Path("/usr/sbin/dovecot").exists():
        pytest.skip("dovecot-imapd is not installed")
    yield from imap_server(certificate)


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[StartWorker]:
    """Return a function that starts a real Celery worker on the test's database and broker.

    Its keyword arguments are environment variables; what it returns has `stop()` and `kill9()`. Workers that a test
    leaves are killed after it.
    """
    started: list[Worker] = []

    def start(*arguments: str, **env: str) -> Worker:
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(start_worker(arguments, {"DATABASE_URL": test_database_address(), **env}, log))
        return started[-1]

    yield start
    for process in started:
        process.kill9()


def test_database_address() -> str:
    """Return DATABASE_URL for other processes: the test's own database instead of the one named in the settings."""
    name = connection.settings_dict["NAME"]
    if ON_SQLITE:
        return f"sqlite:///{name}"
    return settings.DATABASE_URL.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Return how pytest-playwright starts Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def site_origin(live_server: LiveServer) -> str:
    """Return the one origin that a page may speak to; a test of another server overrides this."""
    return live_server.url


@pytest.fixture
def context(context: BrowserContext, site_origin: str) -> Iterator[BrowserContext]:
    """Return pytest-playwright's context; the test fails when a page speaks to another origin or breaks our CSP."""
    watch = Watch(site_origin).over(context)
    yield context
    assert not watch.foreign, "a page made requests to other origins"
    assert not watch.refused, "the browser refused what the CSP forbids"
