"""Celery workers as processes of their own, so that a test can kill them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
STOP_SECONDS = 20


class StartWorker(Protocol):
    """Start a worker with more arguments for `celery worker` and more environment variables."""

    def __call__(self, *arguments: str, **env: str) -> "Worker": ...


@dataclass
class Worker:
    """A running worker and the file with what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Ask the worker to finish what it holds (a warm shutdown), and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=STOP_SECONDS)

    def stop_all(self) -> None:
        """Send the same signal to its children too, as systemd does unless it is told otherwise, and wait."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=STOP_SECONDS)

    def kill9(self) -> None:
        """Kill the worker and its children at once, as the machine's out-of-memory killer would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def says(self, words: str) -> bool:
        """Say whether `words` stand in what the worker has said so far."""
        return words in self.log.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        """Wait until the worker takes tasks.

        Raises:
            RuntimeError: it ended or was too slow; the message has its last words.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self.says(" ready."):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The worker did not start: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)


def start_worker(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Worker:
    """Start `celery worker` with `arguments`, two threads unless they say otherwise, and wait until it takes tasks."""
    pool = () if any(argument in {"-P", "--pool"} for argument in arguments) else ("-P", "threads", "-c", "2")
    worker = launch(
        ["worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", *pool, *arguments], env, log
    )
    worker.wait_until_ready()
    return worker


def launch(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Worker:
    """Start `celery` with `arguments` as a process that dies with the tests, however they die."""
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "celery", "-A", "config", *arguments]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **env}, stdout=output, stderr=output, start_new_session=True
        )
    return Worker(process, log)
