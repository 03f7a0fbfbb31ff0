"""Fax: the letter as a PDF, given to a HylaFAX server that dials.

Its scheduler taking the job is our hand-over ("accepted"): it dials, repeats and keeps the outcome, which `find` tells
later. There is nothing to resend by ourselves, so an office's machine never rings for the same letter twice.
"""

from __future__ import annotations

import ftplib
from types import TracebackType
from typing import Self

from django.utils import timezone

from letters.paper.pdf import Paper
from letters.paper.renderer import PressBusyError, RenderingFailedError, Typeset
from letters.paper.sheets import FaxSheet, fax_pdf
from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.hylafax import FaxServer, Job, ProtocolError, Session
from letters.wording import formatted

REFUSED_LOGIN = 530
NORTH_AMERICA = "+1"  # where paper is Letter; nearly everywhere else it is A4


def document(message: Message) -> Typeset:
    """The fax of a message, as the office will get it.

    Raises:
        RenderingFailedError: there is none.
    """
    sheet = FaxSheet(
        language=message.language,
        addressee_lines=tuple(message.addressee.splitlines()),
        text=message.text,
        subject=message.subject,
        sender_lines=(message.sender_name, message.reply_to),
        date=formatted(timezone.localdate(message.date), message.language),
        number=message.to,
    )
    return fax_pdf(sheet, paper=paper_of(message))


def paper_of(message: Message) -> Paper:
    """The paper in the machine that is called."""
    return "letter" if message.to.startswith(NORTH_AMERICA) else "A4"


class FaxChannel:
    """The channel "fax". One session serves many faxes; a stale one is replaced before anything is lost."""

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
        pdf = _typeset(message)
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
        return Receipt(f"fax job {job}")

    def find(self, message_id: str) -> Job | None:
        """What the server knows of a fax: the evidence after an unclear hand-over, and later its outcome.

        Raises:
            ChannelError: RETRY: the server cannot be asked now.
        """
        try:
            return self._connected().find(message_id)
        except ProtocolError as error:
            self._drop()
            raise ChannelError(Verdict.RETRY, Phase.CONNECT, _words(error)) from None

    def close(self) -> None:
        """End the session."""
        session, self._session, self._job = self._session, None, ""
        if session:
            session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _describe(self, message: Message, pdf: bytes) -> str:
        session = self._connected()
        try:
            return session.describe(message.to, pdf, message.message_id, paper_of(message))
        except ProtocolError as error:
            raise self._failed(Phase.ENVELOPE, error) from None

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


def verdict(phase: Phase, error: Exception) -> Verdict:
    """What a refusal, or no answer, allows."""
    if isinstance(error, ftplib.error_temp) or _code(error) == REFUSED_LOGIN:
        return Verdict.RETRY
    if isinstance(error, (ftplib.error_perm, ValueError)):
        return Verdict.FINAL
    return Verdict.UNKNOWN if phase is Phase.BODY else Verdict.RETRY


def _typeset(message: Message) -> bytes:
    try:
        return document(message).pdf
    except PressBusyError as error:
        raise ChannelError(Verdict.RETRY, Phase.BUILD, str(error)) from None
    except RenderingFailedError as error:
        raise ChannelError(Verdict.FINAL, Phase.BUILD, str(error)) from None


def _code(error: Exception) -> int:
    """The reply code that ftplib's refusals begin with, else 0."""
    digits = str(error)[:3]
    return int(digits) if isinstance(error, ftplib.Error) and digits.isdecimal() else 0


def _words(error: Exception) -> str:
    """One printable line; a job's name and number are all that the server repeats."""
    return "".join(c if c.isprintable() else " " for c in f"{type(error).__name__}: {error}")[:200]
