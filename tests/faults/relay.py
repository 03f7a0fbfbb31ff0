"""A relay that fails as planned, keeps the log that Postfix would, and knows what it took."""

from __future__ import annotations

import datetime as dt
import random
import re
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.smtp_faults import Fault, FaultySmtpServer, Received

MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)
SLOWEST_SECONDS = 0.02


@dataclass(frozen=True)
class Question(Fault):
    """A fault after the dot that leaves the sender in doubt. `logged`: the relay's log says how it ended."""

    logged: bool = True


class Relay(FaultySmtpServer):
    """A server for mail that nobody can reach but by loopback; `log` is what POSTFIX_LOG may name."""

    def __init__(self, chance: random.Random, log: Path) -> None:
        self.log, self._chance, self._lock = log, chance, threading.Lock()
        self.logged, self.doubtful = set[str](), dict[str, Question]()
        log.touch()
        super().__init__()

    def plan(self, deliveries: int) -> None:
        """Let one message in a hundred fail in each of six ways: three leave a question, three are clear answers."""
        share = max(1, deliveries // 100)
        after_dot: list[Fault] = []
        for fault in ({}, {"silent": True}, {"reply": "421 4.3.2 closing"}):
            for _ in range(share):
                taken, logged = self._chance.random() < 0.5, self._chance.random() < 0.6
                after_dot.append(Question(**fault, taken=taken, logged=taken and logged))
        after_dot += [Fault(reply="451 4.3.0 later")] * share
        self._spread("dot", after_dot, deliveries)
        self._spread("RCPT", [Fault(reply="450 4.2.0 later")] * share, deliveries)
        self._spread("MAIL", [Fault()] * share, deliveries)

    def _spread(self, moment: str, faults: list[Fault], over: int) -> None:
        places = dict(zip(self._chance.sample(range(over), len(faults)), faults, strict=True))
        self._faults[moment].extend(places.get(place) for place in range(over))

    def end(self, message: Received, fault: Fault | None) -> None:
        """Take a message as planned, and note it in the log, but for what the plan leaves without evidence.

        It takes its time before and after, so that whoever is killed is killed at each of these moments.
        """
        time.sleep(random.uniform(0, SLOWEST_SECONDS))
        super().end(message, fault)
        name = name_of(message.data)
        if isinstance(fault, Question):
            self.doubtful[name] = fault
        if fault is None or (isinstance(fault, Question) and fault.logged):
            self._write(name)
        time.sleep(random.uniform(0, SLOWEST_SECONDS))

    def _write(self, name: str) -> None:
        """What Postfix writes when it has taken a message, just before it says so."""
        queue, now = secrets.token_hex(5).upper(), dt.datetime.now().astimezone().isoformat()
        lines = (
            f"{now} relay postfix/cleanup[71]: {queue}: message-id=<{name}>\n"
            f"{now} relay postfix/qmgr[72]: {queue}: from=<bounce@postbag.test>, size=2048, nrcpt=1 (queue active)\n"
        )
        with self._lock, self.log.open("a") as log:
            log.write(lines)
        self.logged.add(name)


def name_of(data: bytes) -> str:
    """The Message-ID of a message as it was transmitted."""
    found = MESSAGE_ID.search(data)
    assert found, data[:500]
    return found[1].decode()
