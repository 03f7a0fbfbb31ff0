"""How hard a run is, and which seeds it takes: `FAULT_SEEDS=20` is the long run with the seeds 1 to 20."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How many deliveries go out, and how often what breaks meanwhile."""

    letters: int
    kills: int
    sleeps: int
    crashes: int
    deploys: int
    flushes: int
    without_redis: float

    @property
    def deliveries(self) -> int:
        """How many texts the letters are, to offices and as visible copies."""
        return self.letters * (OFFICES + COPIES)


OFFICES, COPIES = 3, 1
SHORT = Plan(letters=60, kills=4, sleeps=1, crashes=1, deploys=1, flushes=1, without_redis=3)
LONG = Plan(letters=500, kills=20, sleeps=3, crashes=2, deploys=2, flushes=2, without_redis=60)
# Rows that one worker process may hold at the moment of handing over, and workers that run at once.
HANDS, WORKERS = 2, 2


def seeds() -> Sequence[int]:
    """The seeds of this run: one for every day, FAULT_SEEDS of them, or FAULT_SEED alone to repeat a failure."""
    if one := os.environ.get("FAULT_SEED"):
        return [int(one)]
    return range(1, int(os.environ.get("FAULT_SEEDS") or 1) + 1)


def plan() -> Plan:
    """The short run, unless seeds were asked for."""
    return LONG if os.environ.get("FAULT_SEEDS") or os.environ.get("FAULT_SEED") else SHORT
