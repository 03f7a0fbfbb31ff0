"""News on its way to subscribers: a mailing makes its mails little by little, as rows of the outbox.

An organiser lets an update go (`start`). From then on the sweep makes its mails, no more in a minute than
NEWS_PER_HOUR allows, so that letters and links to confirm never stand behind a thousand news. How far a mailing came is
written down with the mails themselves, and the database holds one mail a mailing and subscriber: a worker that dies in
the middle neither skips nor repeats anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from campaigns.models import Update
from letters.models import Delivery, DeliveryState, Mailing, MailingState, Pace, Subscription
from letters.models.letters import on_trial
from letters.subscribing import book, mails
from letters.subscribing.topics import topics_of

MINUTE = dt.timedelta(minutes=1)
# So many subscriptions are decrypted and looked at in one transaction.
LOOK = 500
# The weekly digest: Monday at nine in the site's time zone, or as soon after that as a worker runs.
DIGEST_HOUR = 9

S = MailingState
# The mailings of updates that one mailing tells, each with the topics under which it is news.
Contents = dict[Mailing, set[str]]


def start(update: Update, by: User) -> Mailing:
    """Let a published update go to subscribers; a second time it is the same mailing, and nothing more is sent."""
    return Mailing.objects.get_or_create(update=update, trial=on_trial(), defaults={"confirmed_by": by})[0]


def move(mailing: Mailing, to: MailingState) -> bool:
    """Pause, resume or cancel a mailing; False where it is over, or no such move exists."""
    among = {S.PAUSED: [S.RUNNING], S.RUNNING: [S.PAUSED], S.CANCELLED: [S.RUNNING, S.PAUSED, S.DONE]}
    return bool(Mailing.objects.filter(pk=mailing.pk, state__in=among.get(to, [])).update(state=to))


def audience(update: Update) -> dict[Pace, int]:
    """How many subscribers an update would reach now, at once and in the next digest."""
    topics, found = topics_of(update), dict.fromkeys(Pace, 0)
    for subscription in Subscription.objects.filter(trial=on_trial()).iterator():
        found[Pace(subscription.pace)] += not topics.isdisjoint(subscription.topics.split())
    return found


def progress(mailing: Mailing) -> dict[str, int]:
    """The mails that a mailing made, by their state."""
    rows = mailing.mails.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows.values_list("state", "number"))


# ── Steps of the sweep ────────────────────────────────────────────────────────────────────────────────────────────────


def gather() -> None:
    """Once a week put the updates that were let go since the last digest into a new one."""
    now = timezone.localtime()
    monday = now.date() - dt.timedelta(days=now.weekday())
    if now.weekday() == 0 and now.hour < DIGEST_HOUR:
        return
    with transaction.atomic():
        digest, is_new = Mailing.objects.get_or_create(week=monday, trial=on_trial())
        if is_new:
            fresh = Mailing.objects.of_updates().filter(digest=None, trial=digest.trial)
            fresh.filter(state__in=[S.RUNNING, S.DONE], confirmed_at__lte=digest.confirmed_at).update(digest=digest)


def mail() -> None:
    """Go on with every mailing that runs, as far as the pace allows."""
    for mailing in Mailing.objects.running().order_by("pk"):
        while _go_on(mailing.pk):
            pass


def _go_on(pk: int) -> bool:
    """Look at the next subscribers of one mailing and make their mails; whether there is more to do at once."""
    with transaction.atomic():
        mailing = Mailing.objects.running().filter(pk=pk).select_for_update(skip_locked=True).first()
        contents = _contents(mailing) if mailing else {}
        room = _room()
        if mailing is None or not room or (mailing.update_id and not contents):
            return False
        made = _make(mailing, contents, room)
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
        if len(made) < room and not _next(mailing).exists():
            mailing.state = S.DONE
        mailing.save(update_fields=["reached", "state"])
    return mailing.state == S.RUNNING and len(made) < room


def _make(mailing: Mailing, contents: Contents, room: int) -> list[Delivery]:
    """The mails for the next subscribers, at most so many; `reached` goes along."""
    made: list[Delivery] = []
    for subscription in _next(mailing)[:LOOK]:
        if len(made) == room:
            break
        mailing.reached = subscription.pk
        made += _mails(mailing, contents, subscription)
    return made


def _room() -> int:
    """How many mails may still be made in this minute."""
    news = [Delivery.Purpose.NEWS, Delivery.Purpose.DIGEST]
    lately = Delivery.objects.filter(purpose__in=news, created_at__gt=timezone.now() - MINUTE).count()
    return max(0, -(-settings.NEWS_PER_HOUR // 60) - lately)


def _contents(mailing: Mailing) -> Contents:
    """What a mailing tells, with its topics: as far as it is public still, and nobody cancelled it."""
    let_go = Mailing.objects.filter(pk=mailing.pk) if mailing.update_id else mailing.contents.all()
    public = let_go.exclude(state=S.CANCELLED).filter(update__in=Update.objects.published())
    rows = public.select_related("update__campaign").order_by("confirmed_at")
    return {row: topics_of(row.update) for row in rows if row.update}


def _next(mailing: Mailing) -> QuerySet[Subscription]:
    """Subscriptions that were not looked at yet; those that came later than the mailing are not meant."""
    later = Subscription.objects.filter(pk__gt=mailing.reached, pace=mailing.pace, trial=mailing.trial)
    return later.filter(since__lte=mailing.confirmed_at).order_by("pk")


def _mails(mailing: Mailing, contents: Contents, subscription: Subscription) -> Iterator[Delivery]:
    """The mail for one subscriber, if there is anything in it for them that was let go since they asked."""
    wanted = set(subscription.topics.split())
    fresh = [row for row in contents if row.confirmed_at >= subscription.since]
    updates = [row.update for row in fresh if row.update and not wanted.isdisjoint(contents[row])]
    if mailing.update_id and updates:
        yield mails.news(mailing, updates[0], subscription)
    elif updates:
        yield mails.digest(mailing, updates, subscription)


def drop_dead() -> None:
    """End subscriptions whose mailbox a server refused as not existing (RFC 3463: 5.1.x) while it was being named."""
    refused = Delivery.objects.filter(subscription__isnull=False, state=DeliveryState.FAILED)
    for delivery in refused.filter(reason__startswith="envelope: 5", reason__contains=" 5.1."):
        book.end_after_bounce(delivery)


STEPS = (gather, mail, drop_dead)
