"""The fax service "mailto": a gateway that turns mail into faxes.

FAX_URL holds its pattern, such as `mailto:{digits}@fax.example.org?subject=12025550100` or, after RFC 3192,
`mailto:FAX=+{digits}@fax.example.org`; what the subject is for depends on the gateway. The fax is handed over when the
relay takes the mail. Whether it arrived is never told, so it is never counted as delivered; what the gateway refuses
comes back as a bounce.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from letters.sending.channels.contract import Attachment, Channel, Message, Receipt
from letters.sending.channels.fax.document import pdf_of

SCHEME = "mailto:"
DIGITS = "{digits}"


@dataclass(frozen=True, slots=True)
class Gateway:
    """How mails to a gateway are addressed: `pattern` has a place for the number's digits."""

    pattern: str
    subject: str = "Fax"

    @classmethod
    def from_settings(cls) -> Gateway:
        """Read FAX_URL.

        Raises:
            ImproperlyConfigured: it has no place for the number.
        """
        address, _, query = settings.FAX_URL.removeprefix(SCHEME).partition("?")
        if DIGITS not in address or "@" not in address:
            raise ImproperlyConfigured("FAX_URL must look like mailto:{digits}@fax.example.org.")
        return cls(unquote(address), parse_qs(query).get("subject", ["Fax"])[0])


class GatewayChannel:
    """A mail for each fax, with the fax as a PDF and nothing else in it."""

    def __init__(self, mail: Channel, gateway: Gateway) -> None:
        self._mail, self._gateway = mail, gateway

    def prepare(self, message: Message) -> None:
        """Typeset the fax and prepare its mail.

        Raises:
            ChannelError: as for a mail, and FINAL when it cannot be typeset.
        """
        pdf = Attachment("fax.pdf", "application/pdf", pdf_of(message))
        address = self._gateway.pattern.replace(DIGITS, message.to.removeprefix("+"))
        # The gateway is told what it needs to know: no name, no address for answers.
        bare = replace(message, to_name="", sender_name="", reply_to="", text="", attachment=pdf)
        self._mail.prepare(replace(bare, to=address, subject=self._gateway.subject))

    def hand_over(self) -> Receipt:
        """Hand the mail to the relay. The receipt has no reference: nobody will tell how the call ended.

        Raises:
            ChannelError: as for a mail.
        """
        self._mail.hand_over()
        return Receipt()

    def close(self) -> None:
        """Take leave of the relay."""
        self._mail.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
