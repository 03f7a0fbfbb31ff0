"""The addresses of ours that a delivery carries, so that what comes back finds it.

Each holds the delivery's number and an HMAC of kind and number: a bounce to the envelope's sender (VERP) and an answer
of the office to Reply-To are known as ours, and nobody can make one up for a delivery that they did not get.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int, int_to_base36

from letters.models import Delivery


class Kind(StrEnum):
    """What an address is for. The words are the local parts that the mail server must route to us."""

    BOUNCE = "bounce"
    REPLY = "reply"


FORM = re.compile(r"(bounce|reply)\+([0-9a-z]{1,13})\.([0-9a-f]{24})@(.+)", re.IGNORECASE)


def address_for(delivery: Delivery, kind: Kind) -> str:
    """The address of `kind` for `delivery`, the same at every attempt; lower case, as some servers fold it."""
    number = int_to_base36(delivery.pk)
    return f"{kind}+{number}.{_seal(kind, number)}@{settings.MAIL_DOMAIN}"


def delivery_for(address: str) -> tuple[Kind, Delivery] | None:
    """The delivery that an address of ours names, with its kind; None when the address is not ours or made up."""
    found = FORM.fullmatch(address.strip())
    if not found or found[4].lower() != settings.MAIL_DOMAIN.lower():
        return None
    kind, number = Kind(found[1].lower()), found[2].lower()
    if not constant_time_compare(found[3].lower(), _seal(kind, number)):
        return None
    delivery = Delivery.objects.filter(pk=base36_to_int(number)).first()
    return (kind, delivery) if delivery else None


def _seal(kind: Kind, number: str) -> str:
    return hmac.new(settings.TOKEN_KEY.encode(), f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()[:24]
