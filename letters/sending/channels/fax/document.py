"""The fax of a message: the pages as the office gets them, and the number that is called."""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from django.utils import timezone
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from letters.paper.pdf import Paper
from letters.paper.renderer import PressBusyError, RenderingFailedError, Typeset
from letters.paper.sheets import FaxSheet, fax_pdf
from letters.sending.channels.contract import ChannelError, Message, Phase, Verdict
from letters.wording import formatted

NORTH_AMERICA = 1  # where paper is Letter; nearly everywhere else it is A4
# Numbers at which the caller pays the called one: no office has them, every fraud does.
PAID = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL}


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
        number=as_written(message.to),
    )
    return fax_pdf(sheet, paper=paper_of(message.to))


def as_written(number: str) -> str:
    """An E.164 number in groups, as people write it."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def paper_of(number: str) -> Paper:
    """The paper in the machine with this E.164 number."""
    return "letter" if number.startswith(f"+{NORTH_AMERICA}") else "A4"


def pdf_of(message: Message) -> bytes:
    """The fax of a message whose number can be called.

    Raises:
        ChannelError: FINAL when the number, the text or its length forbids it, RETRY when the press is busy.
    """
    check_number(message.to)
    try:
        fax = document(message)
    except PressBusyError as error:
        raise ChannelError(Verdict.RETRY, Phase.BUILD, str(error)) from None
    except RenderingFailedError as error:
        raise ChannelError(Verdict.FINAL, Phase.BUILD, str(error)) from None
    if fax.pages > settings.FAX_MAX_PAGES:
        detail = f"The fax has {fax.pages} pages, and this site sends at most {settings.FAX_MAX_PAGES}."
        raise ChannelError(Verdict.FINAL, Phase.BUILD, detail)
    return fax.pdf


def check_number(number: str) -> None:
    """Say whether a fax may go to this number.

    Raises:
        ChannelError: FINAL: it is not in E.164 (ITU-T E.164), not in use in its country, or costs the caller extra.
    """
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        raise unusable("The number is not in E.164.") from None
    if phonenumbers.format_number(parsed, PhoneNumberFormat.E164) != number:
        raise unusable("The number is not in E.164.")
    if not phonenumbers.is_valid_number(parsed):
        raise unusable("Its country has no such number.")
    if phonenumbers.number_type(parsed) in PAID:
        raise unusable("The number costs its callers extra.")


def unusable(detail: str) -> ChannelError:
    """The failure of a number that no attempt can ever reach."""
    return ChannelError(Verdict.FINAL, Phase.BUILD, detail)
