"""What an adapter answers, and the form that all of them have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from letters.models import Delivery


@dataclass(frozen=True, slots=True)
class Evidence:
    """What became of a hand-over, by whom we know, and what they call the message."""

    taken: bool
    source: str
    reference: str = ""


# Asked about deliveries of one channel, it answers by primary key for those that it knows something of. It never raises
# because a source can't be asked: then it is silent.
Adapter = Callable[[Sequence[Delivery]], dict[int, Evidence]]
