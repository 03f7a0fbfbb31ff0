"""The desk's first page: what needs somebody now. The same number of queries however much there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from campaigns.desk.roles import editable_campaigns
from campaigns.models import SENT_BY_US, USABLE, Campaign, Channel, ContactDetail, ContactState
from letters.counting.tallies import Scope, own_words_share
from letters.counting.traffic import DAY, MODERATED, Life, age
from letters.desk.queue import BROKEN, MOVING, letters_of
from letters.models import DeliveryState, HoldReason, Letter, LetterState
from letters.models.queue import DeliveryQuerySet

S = DeliveryState
WEEK = dt.timedelta(days=7)
LISTED = 8


@dataclass(frozen=True)
class Waiting:
    """Rows of one kind that wait for a moderator, where to find them, and for how long the oldest has waited."""

    label: str
    url: str
    number: int
    oldest: dt.timedelta | None


@dataclass(frozen=True)
class ChannelDay:
    """One channel within the last 24 hours; `queued` and `oldest` are of now."""

    channel: str
    handed_over: int
    queued: int
    failed: int
    oldest: dt.timedelta | None


def dashboard(user: User | AnonymousUser) -> dict[str, Any]:
    """What the page shows to `user`: each part only to those who may see its rows."""
    campaigns = list(editable_campaigns(user).order_by("slug"))
    found: dict[str, Any] = {"is_empty": not Campaign.objects.exists()}
    if user.has_perm("campaigns.view_campaign"):
        found |= of_campaigns(campaigns)
    found["moderation"] = list(to_moderate(user, campaigns))
    if user.has_perm("letters.view_delivery"):
        rows = letters_of(user, campaigns)
        found |= {"life": Life.now(), "channels": by_channel(rows), "asked": asked(rows)}
    if user.has_perm("letters.view_letter"):
        found["confirmations"] = confirmations(campaigns)
    if user.has_perm("letters.count_letter"):
        share = own_words_share(Scope([campaign.pk for campaign in campaigns]))
        found["own_words"] = None if share is None else round(100 * share)
    return found


def of_campaigns(campaigns: Sequence[Campaign]) -> dict[str, Any]:
    """Campaigns that end soon or lack a language, and addresses of running ones that bounced."""
    running = [campaign for campaign in campaigns if campaign.is_open]
    soon = timezone.localdate() + WEEK
    ending = [(day, campaign) for campaign in running if (day := campaign.last_day()) and day <= soon]
    lacking = [(campaign, missing) for campaign in running if (missing := missing_languages(campaign))]
    pks = [campaign.pk for campaign in running]
    return {
        "ending": sorted(ending, key=lambda pair: pair[0]),
        "lacking": lacking[:LISTED],
        "more_lacking": max(len(lacking) - LISTED, 0),
        "bounced": bounced(pks),
    }


def missing_languages(campaign: Campaign) -> list[str]:
    """The page languages in which a text of the campaign is missing that it has in another one."""
    texts = [text for text in (campaign.title, campaign.summary, campaign.story, campaign.urgency) if text]
    return [str(name) for code, name in settings.LANGUAGES if any(code not in text for text in texts)]


def bounced(campaigns: Sequence[int]) -> list[ContactDetail]:
    """Dead addresses of offices that these campaigns write to; those of offices with no other way first."""
    used = Q(targets__campaign_targets__campaign__in=campaigns)
    ways = Count("targets__contacts", filter=Q(targets__contacts__state__in=USABLE), distinct=True)
    dead = ContactDetail.objects.filter(used, state=ContactState.BOUNCED).annotate(ways=ways)
    return list(dead.order_by("ways", "pk").prefetch_related("targets").distinct()[:LISTED])


def to_moderate(user: User | AnonymousUser, campaigns: Sequence[Campaign]) -> Iterable[Waiting]:
    """Yield the kinds of row that the user may see and that wait for a moderator, with a page of their own."""
    for kind, state, came in MODERATED:
        name = f"letters_{kind._meta.model_name}"
        if not admin.site.is_registered(kind) or not user.has_perm(f"letters.view_{kind._meta.model_name}"):
            continue
        rows = kind._default_manager.filter(state=state, campaign__in=campaigns).order_by()
        found = rows.aggregate(number=Count("pk"), since=Min(came))
        url = f"{reverse(f'admin:{name}_changelist')}?state__exact={state}"
        yield Waiting(str(kind._meta.verbose_name_plural), url, found["number"], age(found["since"]))


def by_channel(rows: DeliveryQuerySet) -> list[ChannelDay]:
    """What each channel did within a day."""
    since = timezone.now() - DAY
    states = {"left": Q(state__in=[S.ACCEPTED, S.DELIVERED], handed_over_at__gt=since)}
    states |= {"queued": Q(state__in=MOVING), "failed": Q(state__in=BROKEN, settled_at__gt=since)}
    concerned = states["left"] | states["queued"] | states["failed"]
    numbers = {name: Count("pk", filter=condition) for name, condition in states.items()}
    oldest = Min("created_at", filter=states["queued"])
    groups: Iterable[Any] = rows.filter(concerned).values("channel").annotate(oldest=oldest, **numbers)
    found = {group["channel"]: group for group in groups}
    return [
        ChannelDay(str(Channel(name).label), row["left"], row["queued"], row["failed"], age(row["oldest"]))
        for name in SENT_BY_US
        if (row := found.get(name))
    ]


def asked(rows: DeliveryQuerySet) -> dict[str, int]:
    """Letters that wait for a decision: because facts changed, for a moderator, or because nobody knows."""
    facts = Q(state=S.HELD, hold_reason=HoldReason.FACTS_CHANGED)
    moderation = Q(state=S.HELD, hold_reason=HoldReason.MODERATION)
    unresolved = Q(state=S.UNRESOLVED)
    counts = {"facts": facts, "moderation": moderation, "unresolved": unresolved}
    return rows.filter(facts | moderation | unresolved).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in counts.items()}
    )


def confirmations(campaigns: Sequence[Campaign]) -> dict[str, int]:
    """Letters that wait for their confirmation, and that nobody confirmed in time within a week."""
    letters = Letter.objects.filter(campaign__in=campaigns).order_by()
    pending = Q(state=LetterState.PENDING)
    expired = Q(state=LetterState.EXPIRED, expires_at__gt=timezone.now() - WEEK)
    return letters.filter(pending | expired).aggregate(
        pending=Count("pk", filter=pending), expired=Count("pk", filter=expired)
    )
