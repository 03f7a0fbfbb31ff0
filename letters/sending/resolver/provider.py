"""A provider of mail: asked by the name of our attempt, or told once more what it may have heard already."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from letters.models import Delivery
from letters.models.letters import on_trial
from letters.sending.channels.contract import ChannelError
from letters.sending.channels.provider.channel import ProviderChannel
from letters.sending.channels.provider.services import NONE, service_in_use
from letters.sending.messages import message_for
from letters.sending.resolver.evidence import Evidence

logger = logging.getLogger(__name__)


def repeated(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """Repeat the request with the same key: inside its window the provider answers as the first time, and mails once.

    What may not leave any more is not repeated: where the first request got lost, the repeat would be the mail. A
    refusal proves nothing, since it may come before the key is looked at.
    """
    service = service_in_use()
    if service is None or service.window == NONE or on_trial():
        return {}
    since = Delivery.objects.clock() - service.window
    fresh = Delivery.objects.free_to_leave().in_time().filter(pk__in=[row.pk for row in rows], handed_over_at__gt=since)
    found: dict[int, Evidence] = {}
    with ProviderChannel(service) as channel:
        for row in fresh:
            try:
                channel.prepare(message_for(row))
                receipt = channel.hand_over()
            except ChannelError as error:
                logger.warning("Delivery %s: the repeat with the same key proves nothing: %s.", row.pk, error)
            else:
                found[row.pk] = Evidence(taken=True, source="repeat with the same key", reference=receipt.reference)
    return found


def searched(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """Search the provider's mails. That it has none proves something only when its search has surely caught up."""
    service = service_in_use()
    if service is None or service.silent_after is None:
        return {}
    surely = Delivery.objects.clock() - service.silent_after
    found: dict[int, Evidence] = {}
    with ProviderChannel(service) as channel:
        for row in rows:
            try:
                mail = channel.find(message_for(row))
            except ChannelError as error:
                logger.warning("The provider can't be asked: %s.", error)
                break
            if mail or (row.handed_over_at and row.handed_over_at < surely):
                reference = mail.reference if mail else ""
                found[row.pk] = Evidence(taken=mail is not None, source="search at the provider", reference=reference)
    return found
