"""What is settled without anybody asking: leases, deadlines, pauses, ends. It looks at the rows and at nothing else.

Each step may run at any time, twice, or on two machines at once: rows move by conditions that the move makes untrue.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Campaign, CampaignState
from letters.models import (
    Addressing,
    Delivery,
    DeliveryState,
    Heartbeat,
    HoldReason,
    Letter,
    LetterState,
    LetterText,
    Signature,
    SignatureState,
)
from letters.models.queue import OVER

S = DeliveryState

# So many workers died preparing it: it is not they that are ill.
DEATHS = 10
BATCH = 500
PERSONAL = ("name", "email", "city", "organisation", "role", "own_words")


def reap() -> None:
    """Take deliveries back from workers that are dead or asleep."""
    left = Delivery.objects.filter(lease_until__lt=Now())
    # From here the text may have left: nobody sends it again without evidence.
    left.filter(state=S.HANDING_OVER).move(S.UNKNOWN, reason="its worker was gone during the hand-over")
    prepared = left.filter(state=S.SENDING)
    tried = {"attempts": F("attempts") + 1}
    prepared.filter(attempts__gte=DEATHS - 1).move(S.FAILED, reason=f"{DEATHS} workers died over it", **tried)
    prepared.move(S.QUEUED, reason="its worker was gone before the hand-over", **tried)


def requeue() -> None:
    """Queue again what was put off."""
    Delivery.objects.filter(state=S.DEFERRED, next_attempt_at__lte=Now()).move(S.QUEUED)


def expire() -> None:
    """Give up what is too late."""
    Delivery.objects.waiting().filter(deliver_by__lte=Now()).move(S.EXPIRED, reason="too late")


def cancel() -> None:
    """Cancel what nobody wants any more."""
    waiting = Delivery.objects.waiting()
    waiting.letters().filter(campaign__state__in=OVER).move(S.CANCELLED, reason="the campaign is over")
    waiting.letters().filter(letter__state=LetterState.ERASED).move(S.CANCELLED, reason="withdrawn by the supporter")
    waiting.unwanted_news().move(S.CANCELLED, reason="no longer wanted")
    asking = waiting.filter(purpose__in=[Delivery.Purpose.CONFIRM, Delivery.Purpose.REMINDER])
    asking.exclude(letter__state=LetterState.PENDING).move(S.CANCELLED, reason="no longer asked")


def hold() -> None:
    """Hold what must wait for somebody, and say why."""
    moving = Delivery.objects.letters().filter(state__in=[S.QUEUED, S.DEFERRED])
    moving.filter(_paused()).move(S.HELD, hold_reason=HoldReason.CAMPAIGN_PAUSED)
    moving.filter(office__paused=True).move(S.HELD, hold_reason=HoldReason.OFFICE_PAUSED)
    now = F("campaign__facts_version")
    unseen = Q(released_facts_version__isnull=True) | Q(released_facts_version__lt=now)
    moving.filter(unseen, letter__facts_version__lt=now).move(S.HELD, hold_reason=HoldReason.FACTS_CHANGED)


def release() -> None:
    """Let go what was held for a pause that is over. Changed facts and moderation wait for an organiser."""
    held = Delivery.objects.filter(state=S.HELD)
    held.filter(hold_reason=HoldReason.CAMPAIGN_PAUSED).exclude(_paused()).move(S.QUEUED, reason="goes on")
    held.filter(hold_reason=HoldReason.OFFICE_PAUSED, office__paused=False).move(S.QUEUED, reason="goes on")


def _paused() -> Q:
    """Deliveries of campaigns that do not run now but may again."""
    running = Campaign.objects.filter(state=CampaignState.OPEN) | Campaign.objects.open()
    return ~Q(campaign__in=running) & ~Q(campaign__state__in=OVER)


def forget() -> None:
    """Delete what was written and not confirmed in time."""
    late = Letter.objects.filter(state=LetterState.PENDING, expires_at__lte=Now()).order_by("pk")
    while True:
        with transaction.atomic():
            pks = list(late.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
            LetterText.objects.filter(letter__in=pks).delete()
            Addressing.objects.filter(letter__in=pks).delete()
            Delivery.objects.filter(letter__in=pks).update(address="", subject="", text="", html="")
            Letter.objects.filter(pk__in=pks).update(state=LetterState.EXPIRED, **dict.fromkeys(PERSONAL, ""))
        if len(pks) < BATCH:
            return


def forget_signatures() -> None:
    """Delete what was filled in to sign and not confirmed in time."""
    late = Signature.objects.filter(state=SignatureState.PENDING, expires_at__lte=Now())
    Delivery.objects.filter(signature__in=late).update(address="", subject="", text="", html="")
    late.update(state=SignatureState.EXPIRED, **dict.fromkeys(("name", "role", "email", "contact"), ""))


def forget_links() -> None:
    """Blank links to subscribe or to one's own data whose time is over: nothing else holds the address."""
    late = Delivery.objects.filter(purpose__in=[Delivery.Purpose.SUBSCRIBE, Delivery.Purpose.EXPORT])
    late.filter(deliver_by__lte=Now()).exclude(text="").update(address="", subject="", text="", html="")


def forget_workers() -> None:
    """Forget signs of life that nobody looks at any more."""
    Heartbeat.objects.filter(at__lt=Now() - dt.timedelta(days=1)).delete()


STEPS = (reap, forget, forget_signatures, forget_links, cancel, expire, release, requeue, hold, forget_workers)
