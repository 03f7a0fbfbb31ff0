"""`make demo` starts a whole site, keeps its data, and stops as a whole."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 90

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@dataclass
class Demo:
    """A running demo: its supervisor, its address and all that it has printed."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def says(self, words: str) -> bool:
        return words in self.log.read_text(errors="replace")

    def children(self, word: str) -> list[int]:
        """Return the process ids of children with `word` in their command."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in pids if word in Path(f"/proc/{pid}/cmdline").read_text()]

    def wait(self) -> int:
        return self.process.wait(timeout=30)


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    """Run the demo with its data in `folder` until it says that it is ready and as long as the context lasts."""
    port, log = free_port(), folder.with_suffix(".log")
    # What a developer may have in the environment must not reach the demo.
    foreign = {"DEBUG": "on", "DATABASE_URL": "postgres://nobody@db.invalid/x", "DELIVERY_MODE": "live"}
    env = {**os.environ, **foreign, "PORT": str(port)}
    with log.open("wb") as output:
        command = [sys.executable, "-m", "config.demo", str(folder)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    running = Demo(process, f"http://127.0.0.1:{port}", log)
    try:
        wait_until(lambda: running.says("Ctrl-C stops everything") or process.poll() is not None)
        wait_until(lambda: running.says(" ready.") or process.poll() is not None)
        yield running
    finally:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def password(log: Path) -> str:
    """Return the organiser's password as it is printed."""
    [found] = re.findall(r"with the password (\S+)", log.read_text())
    return str(found)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demo that ran once and was stopped by Ctrl-C."""
    folder = tmp_path_factory.mktemp("demo") / "used"
    with demo(folder) as running:
        running.process.send_signal(signal.SIGINT)
        assert running.wait() == 0
    return folder


@pytest.fixture
def folder(used: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    return Path(shutil.copytree(used, tmp_path / "demo"))


def test_ctrl_c_stops_everything_and_the_next_run_keeps_the_data(folder: Path, used: Path) -> None:
    with demo(folder) as running:
        with urllib.request.urlopen(f"{running.address}/healthz") as response:
            assert response.status == 200
        children = running.children("granian") + running.children("celery")
        running.process.send_signal(signal.SIGINT)

        assert running.wait() == 0
        assert len(children) == 2
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
        assert password(running.log) == password(used.with_suffix(".log"))


def test_only_the_owner_reads_what_the_demo_keeps(used: Path) -> None:
    assert used.stat().st_mode & 0o077 == 0


def test_a_dead_worker_ends_the_demo_with_a_word(folder: Path) -> None:
    with demo(folder) as running:
        os.kill(running.children("celery")[0], signal.SIGKILL)

        assert running.wait() == 1
        assert running.says("Stopped, because the worker process ended by itself.")


def test_a_killed_supervisor_takes_its_processes_along(folder: Path) -> None:
    with demo(folder) as running:
        children = running.children("granian") + running.children("celery")
        running.process.kill()

        assert len(children) == 2
        wait_until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()])


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_wrong_port_is_refused_in_one_sentence(port: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "config.demo", str(tmp_path)]
    result = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PORT": port}, capture_output=True, text=True, check=False
    )

    assert result.returncode == 1
    assert result.stderr == f"PORT must be a number from 1 to 65535, not {port!r}.\n"
