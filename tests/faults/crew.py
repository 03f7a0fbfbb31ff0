"""The processes of a live site, kept up as a service manager would: two workers and a beat."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.faults.plan import HANDS
from tests.workers import Worker, launch

QUIET = ["--loglevel", "WARNING"]
POOLS = ("prefork", "threads")


class Crew:
    """Workers of both kinds, `-P prefork` and `-P threads`, that come back when they die.

    Args:
        env: their environment variables.
        folder: where they write what they say.
        more: more arguments for workers.
    """

    def __init__(self, env: dict[str, str], folder: Path, *more: str) -> None:
        self._env, self._folder, self._more = env, folder, more
        self.workers: dict[str, Worker] = {}
        self.keep_up()

    def keep_up(self) -> None:
        """Start who is missing."""
        for pool in POOLS:
            options = ["--without-gossip", "--without-mingle", "-P", pool, "-c", str(HANDS), *self._more]
            self._keep_up(pool, ["worker", *QUIET, *options])
        self._keep_up("beat", ["beat", *QUIET])

    def _keep_up(self, name: str, arguments: list[str]) -> None:
        if name not in self.workers or self.workers[name].process.poll() is not None:
            self.workers[name] = launch(arguments, self._env, self._folder / f"{name}.log")

    def kill(self, chance: random.Random) -> None:
        """Kill a worker, or one of its children, without a warning."""
        victim = self.workers[chance.choice(POOLS)]
        children = children_of(victim.process.pid)
        if children and chance.random() < 0.6:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)
        else:
            victim.kill9()
        self.keep_up()

    def sleep(self, chance: random.Random, seconds: float) -> None:
        """Let a worker sleep past its lease, as a virtual machine that is moved does."""
        sleeper = self.workers[chance.choice(POOLS)].process.pid
        os.killpg(sleeper, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(sleeper, signal.SIGCONT)

    def deploy(self) -> None:
        """Restart everything politely, under load."""
        for worker in self.workers.values():
            worker.process.send_signal(signal.SIGTERM)
        for worker in self.workers.values():
            worker.process.wait(timeout=60)
        self.keep_up()

    def dismiss(self) -> None:
        """Kill everybody: the run is over."""
        for worker in self.workers.values():
            worker.kill9()


def children_of(process: int) -> list[int]:
    """The children of a process, of all its threads."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found
