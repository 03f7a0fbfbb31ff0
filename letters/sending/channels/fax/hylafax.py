"""The fax service "hylafax": a HylaFAX server of the organisation's, which dials.

Its scheduler taking the job is our hand-over ("accepted"), no more: `report` tells how the call ended.
"""

from __future__ import annotations

import ftplib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

from letters.models import FaxOutcome
from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.fax.document import paper_of, pdf_of
from letters.sending.channels.fax.hfaxd import DONE, FaxServer, Job, ProtocolError, Session
from letters.sending.channels.fax.reports import Report

T = TypeVar("T")

REFUSED_LOGIN = 530

# What the server says of a call that failed, by HylaFAX's table of errors (faxd/README.errorcodes). A sentence that is
# not here may come from the middle of a page, so nobody may call again on its account.
CAUSES = (
    (FaxOutcome.BUSY, r"Busy signal"),
    (FaxOutcome.NO_ANSWER, r"No answer|Ringback detected|Ring detected without"),
    (FaxOutcome.NO_FAX, r"No carrier|Phase A failure|Data connection established|No receiver protocol|T\.4 receiver"),
    (FaxOutcome.LINE, r"No local dialtone|Invalid dialing|Glare|Kill time|Could not fork|Send program|modem on hook"),
    (FaxOutcome.LINE, r"Modem is configured|Requested modem|Delayed by|Blocked by|Unknown problem|No loop current"),
    (FaxOutcome.NO_FAX, r"DCS not recognized|DCS sent 3 times|Failure to train|Phase B|Remote station cannot receive"),
    (FaxOutcome.INVALID, r"dial string|Blacklisted|rejectNotice"),
    (FaxOutcome.DOCUMENT, r"document|Job contains|No work|Too many pages|Page width|Job (aborted|interrupted)"),
)


class HylafaxChannel:
    """One session serves many faxes; a stale one is replaced before anything is lost."""

    def __init__(self, server: FaxServer) -> None:
        self._server = server
        self._session: Session | None = None
        self._job = ""

    def prepare(self, message: Message) -> None:
        """Typeset the fax, store it and describe its job.

        Raises:
            ChannelError: FINAL when it cannot be typeset or the server refuses it for good, else RETRY.
        """
        self._job = ""
        pdf = pdf_of(message)
        reused = self._session is not None
        try:
            self._job = self._describe(message, pdf)
        except ChannelError:
            if not reused or self._session is not None:
                raise
            self._job = self._describe(message, pdf)  # the server had closed the old session

    def hand_over(self) -> Receipt:
        """Submit the job.

        Raises:
            ChannelError: UNKNOWN when no clear answer came.
        """
        job, self._job = self._job, ""
        if not job or self._session is None:
            raise RuntimeError("Nothing was prepared.")
        try:
            self._session.submit()
        except ProtocolError as error:
            raise self._failed(Phase.BODY, error) from None
        return Receipt(job)

    def report(self, attempt: str, reference: str = "") -> Report | None:
        """What the server knows of a fax, by its job's number or tag.

        Raises:
            ChannelError: RETRY: the server cannot be asked now.
        """
        job = self._ask(lambda session: session.job(reference)) if reference else None
        # Numbers begin again at 1 one day (HylaFAX counts to 32,000): the tag decides whose job it is.
        if job is None or job.tag != attempt:
            job = self._ask(lambda session: session.find(attempt))
        return report_of(job) if job else None

    def close(self) -> None:
        """End the session."""
        self._job = ""
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _describe(self, message: Message, pdf: bytes) -> str:
        session = self._connected()
        try:
            return session.describe(message.to, pdf, message.attempt, paper_of(message.to))
        except ProtocolError as error:
            raise self._failed(Phase.ENVELOPE, error) from None

    def _ask(self, question: Callable[[Session], T]) -> T:
        try:
            return question(self._connected())
        except ProtocolError as error:
            self._drop()
            raise ChannelError(Verdict.RETRY, Phase.CONNECT, _words(error), _code(error)) from None

    def _connected(self) -> Session:
        if self._session is None:
            try:
                self._session = Session(self._server)
            except ProtocolError as error:
                raise ChannelError(Verdict.RETRY, Phase.CONNECT, _words(error), _code(error)) from None
        return self._session

    def _failed(self, phase: Phase, error: Exception) -> ChannelError:
        if not isinstance(error, (ftplib.error_temp, ftplib.error_perm, ValueError)):
            self._drop()
        return ChannelError(verdict(phase, error), phase, _words(error), _code(error))

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session:
            session.close()


def report_of(job: Job) -> Report:
    """What a job means."""
    if not job.is_over:
        return Report(job.number)
    return Report(
        reference=job.number,
        outcome=outcome_of(job),
        pages=job.pages,
        remote_id=job.csi,
        status=job.status,
        ended_at=datetime.fromtimestamp(job.ended, UTC),
    )


def outcome_of(job: Job) -> FaxOutcome:
    """How the call of a job that is over ended."""
    if job.state == DONE:
        return FaxOutcome.DELIVERED
    if job.pages:
        return FaxOutcome.BROKEN_OFF
    matches = (outcome for outcome, words in CAUSES if re.search(words, job.status))
    return next(matches, FaxOutcome.BROKEN_OFF)


def verdict(phase: Phase, error: Exception) -> Verdict:
    """What a refusal, or no answer, allows."""
    if isinstance(error, ftplib.error_temp) or _code(error) == REFUSED_LOGIN:
        return Verdict.RETRY
    if isinstance(error, (ftplib.error_perm, ValueError)):
        return Verdict.FINAL
    return Verdict.UNKNOWN if phase is Phase.BODY else Verdict.RETRY


def _code(error: Exception) -> int:
    """The reply code that ftplib's refusals begin with, else 0."""
    digits = str(error)[:3]
    return int(digits) if isinstance(error, ftplib.Error) and digits.isdecimal() else 0


def _words(error: Exception) -> str:
    """One printable line; a job's name and number are all that the server repeats."""
    return "".join(c if c.isprintable() else " " for c in f"{type(error).__name__}: {error}")[:200]
