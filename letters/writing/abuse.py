"""What keeps the site from being a cannon: prices for networks, a few mails a day for an address.

A client's network is known for one day, as a hash (see `Allowance`); its address is never stored.
"""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.conf import settings
from django.http import HttpRequest

from letters.models import Allowance
from letters.writing.identity import canonical

MAILS_A_DAY = 3
MAIL_GAP = dt.timedelta(seconds=60)
# Nobody reads a case, writes and checks in less. A form that comes back sooner costs more, so that a script on a
# network soon stands still, while somebody who is merely fast loses nothing.
HUMAN_SECONDS = 3
HASTY_PRICE = 2
IPV6_NETWORK_BITS = 64
# Pauses in typing while somebody writes a letter.
PREVIEWS_A_LETTER = 60


def client_network(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 that one IPv6 customer has; "" if not known.

    So many entries at the right end of X-Forwarded-For are believed as we have proxies (TRUSTED_PROXIES), no more.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        hops = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), *hops]
    try:
        address = ipaddress.ip_address(hops[max(-len(hops), -1 - settings.TRUSTED_PROXIES)].strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)


class TooManyError(Exception):
    """The network had its share."""


def charge(request: HttpRequest, *, seconds: float) -> None:
    """Take the price of an act, `seconds` after its form was opened. Raises TooManyError; then nothing is taken."""
    if not network_may(request, seconds=seconds):
        raise TooManyError


def network_may(request: HttpRequest, *, seconds: float = HUMAN_SECONDS) -> bool:
    """Take the same, and say whether there was enough."""
    return Allowance.objects.take(
        "network",
        client_network(request),
        price=1 if seconds >= HUMAN_SECONDS else HASTY_PRICE,
        capacity=settings.NETWORK_ALLOWANCE,
        a_day=settings.NETWORK_ALLOWANCE * 24,
    )


def may_preview(request: HttpRequest) -> bool:
    """Whether the network may have another preview: one each few seconds for as many people as may write at once."""
    most = settings.NETWORK_ALLOWANCE * PREVIEWS_A_LETTER
    return Allowance.objects.take("preview", client_network(request), capacity=most, a_day=most * 24)


def may_mail(email: str) -> bool:
    """Whether a link to confirm may go to this mailbox now: three a day, a minute apart, however it is spelled."""
    return Allowance.objects.take("mail", canonical(email), capacity=MAILS_A_DAY, gap=MAIL_GAP)


def mail_was_welcome(email: str) -> None:
    """Who confirms is no victim: the mail that brought them does not count, and they may write on today."""
    Allowance.objects.give_back("mail", canonical(email))
