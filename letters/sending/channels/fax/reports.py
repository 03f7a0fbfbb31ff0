"""What a fax service can be asked after it took a fax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from letters.models import FaxOutcome


@dataclass(frozen=True, slots=True)
class Report:
    """What a service knows of a fax. `outcome` is None until its call is over; `remote_id` is the other machine's."""

    reference: str
    outcome: FaxOutcome | None = None
    pages: int = 0
    remote_id: str = ""
    status: str = ""
    ended_at: datetime | None = None


@runtime_checkable
class Answering(Protocol):
    """A service that tells what became of a fax. One that does not (mail to fax) hands over and never confirms."""

    def report(self, attempt: str, reference: str = "") -> Report | None:
        """What is known of the fax that was handed over as `attempt`, under `reference` where the service gave one.

        None is evidence: the service keeps what it took for FAX_JOBS_KEPT_HOURS, and it never took this one.

        Raises:
            ChannelError: RETRY: it cannot be asked now.
        """
        ...
