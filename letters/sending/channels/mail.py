"""The channel "email", by whichever way EMAIL_URL names."""

from __future__ import annotations

from letters.sending.channels.contract import Channel
from letters.sending.channels.provider.channel import ProviderChannel
from letters.sending.channels.provider.services import service_in_use
from letters.sending.channels.relay import Relay
from letters.sending.channels.smtp import SmtpChannel


def open_mail() -> Channel:
    """A provider's API where EMAIL_URL names one, else a relay; nobody is contacted yet.

    Raises:
        ImproperlyConfigured: EMAIL_URL names neither.
    """
    service = service_in_use()
    return ProviderChannel(service) if service else SmtpChannel(Relay.from_settings())
