"""Which fax services there are, by the scheme of FAX_URL."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from letters.sending.channels.contract import Channel
from letters.sending.channels.fax.gateway import Gateway, GatewayChannel
from letters.sending.channels.fax.hfaxd import FaxServer
from letters.sending.channels.fax.hylafax import HylafaxChannel
from letters.sending.channels.fax.telnyx import Account, TelnyxChannel
from letters.sending.channels.mail import open_mail

SERVICES: dict[str, Callable[[], Channel]] = {
    "hylafax": lambda: HylafaxChannel(FaxServer.from_settings()),
    "telnyx": lambda: TelnyxChannel(Account.from_settings()),
    "telnyx+http": lambda: TelnyxChannel(Account.from_settings()),  # for a proxy of one's own on this machine
    "mailto": lambda: GatewayChannel(open_mail(), Gateway.from_settings()),
}


def open_fax() -> Channel:
    """The service that FAX_URL names; nobody is contacted yet.

    Raises:
        ImproperlyConfigured: it names none, or misses a part.
    """
    scheme = urlsplit(settings.FAX_URL).scheme
    if scheme not in SERVICES:
        raise ImproperlyConfigured(f"FAX_URL must begin with {', '.join(f'{name}:' for name in SERVICES)}.")
    return SERVICES[scheme]()
