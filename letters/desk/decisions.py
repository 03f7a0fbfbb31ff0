"""What may be decided about deliveries at the desk: moves of the one table, each asked about before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.changes import Change, changes_since
from campaigns.models import Campaign
from letters.models import Delivery, DeliveryState, HoldReason, Letter, LetterState
from letters.models.queue import DeliveryQuerySet
from letters.sending import outbox, tasks
from letters.sending.replacing import replace, replaceable

S = DeliveryState
SHOWN = 20


@dataclass(frozen=True)
class Decision:
    """A question with the deliveries that it can be asked about."""

    name: str
    label: str | Promise
    warning: str | Promise
    among: Q
    to: DeliveryState | None = None
    reason: str = ""
    act: Callable[[DeliveryQuerySet], int] | None = None

    def possible(self, chosen: DeliveryQuerySet) -> DeliveryQuerySet:
        """Those of the chosen deliveries that it can be carried out on now."""
        if self.act is replace_each:
            return chosen.filter(pk__in=replaceable().values("pk"))
        return chosen.filter(self.among)

    def carry_out(self, chosen: DeliveryQuerySet, seen: dict[int, int], user: int) -> int:
        """Do it for all that it can be done for, in the name of a user, and return for how many.

        `seen` is the version of each campaign's facts that was looked at.
        """
        if self.to is None:
            return self.act(self.possible(chosen)) if self.act else 0
        moved = 0
        for campaign, version in seen.items():
            rows = self.possible(chosen).filter(campaign=campaign)
            moved += rows.move(self.to, reason=self.reason, owner=f"user {user}", **self.changes(version))
        tasks.wake_on_commit()
        return moved

    def changes(self, version: int) -> dict[str, Any]:
        """What is written with the move. Who sends a letter on has seen the facts as they were on the page."""
        return {"released_facts_version": version, "next_attempt_at": None} if self.to == S.QUEUED else {}


def replace_each(chosen: DeliveryQuerySet) -> int:
    """Send each once more, to the present address of its office."""
    return sum(replace(delivery) is not None for delivery in chosen.select_related("office"))


def ask_writers(chosen: DeliveryQuerySet) -> int:
    """Ask each writer, once for all of their letters that are chosen."""
    letters = Letter.objects.filter(deliveries__in=chosen).select_related("campaign").distinct()
    return sum(outbox.ask_again(letter, chosen) for letter in letters)


DECISIONS = {
    decision.name: decision
    for decision in (
        Decision(
            "release",
            _("Release the chosen letters"),
            _("They leave as they were confirmed, also where the facts have changed since. Nobody edits their words."),
            Q(state=S.HELD, hold_reason__in=[HoldReason.FACTS_CHANGED, HoldReason.ASKED, HoldReason.MODERATION]),
            S.QUEUED,
            "released at the desk",
        ),
        Decision(
            "ask_again",
            _("Ask the writers again"),
            _(
                "Each writer gets one mail with what they wrote, and says whether it shall leave as it is. Without an "
                "answer it stays here until it is too late."
            ),
            Q(state=S.HELD, hold_reason=HoldReason.FACTS_CHANGED, letter__state=LetterState.CONFIRMED)
            & ~Q(letter__email=""),
            act=ask_writers,
        ),
        Decision(
            "drop",
            _("Drop the chosen letters"),
            _("They are never sent. Their writers are told, if we still have their address."),
            Q(state__in=[S.QUEUED, S.DEFERRED, S.HELD, S.UNRESOLVED]),
            S.CANCELLED,
            "dropped at the desk",
        ),
        Decision(
            "retry",
            _("Try the chosen letters again now"),
            _("They do not wait for their next attempt."),
            Q(state=S.DEFERRED),
            S.QUEUED,
            "tried again from the desk",
        ),
        Decision(
            "resend",
            _("Send again what may have arrived"),
            _("Nobody knows whether these letters arrived. Sent again, they may reach the office twice."),
            Q(state=S.UNRESOLVED),
            S.QUEUED,
            "sent again knowingly",
        ),
        Decision(
            "arrived",
            _("Take the chosen letters as handed over"),
            _("Only if you know it, for example from an answer of the office. They count from now on."),
            Q(state=S.UNRESOLVED),
            S.ACCEPTED,
            "known to have arrived",
        ),
        Decision(
            "replace",
            _("Send what failed to the office’s present address"),
            _("Correct the address in the directory first. The same words go out once more and count once."),
            Q(state__in=[S.FAILED, S.BOUNCED]),
            act=replace_each,
        ),
    )
}


def by_state(deliveries: DeliveryQuerySet) -> list[tuple[str, int]]:
    """How many of the deliveries are in each state, in words."""
    counted = Counter(deliveries.order_by().values_list("state", flat=True))
    return [(str(S(state).label), number) for state, number in counted.most_common()]


def facts_of(deliveries: DeliveryQuerySet) -> dict[int, int]:
    """The version of the facts of each campaign among the deliveries."""
    return dict(deliveries.order_by().values_list("campaign", "campaign__facts_version").distinct())


@dataclass(frozen=True)
class Outdated:
    """Letters that were written with an earlier version of their campaign's facts, and what has changed since."""

    campaign: Campaign
    version: int
    number: int
    changes: list[Change] | None


def outdated(deliveries: DeliveryQuerySet) -> list[Outdated]:
    """What has changed since the deliveries that changed facts hold were written, by campaign and version."""
    held = deliveries.filter(state=S.HELD, hold_reason__in=[HoldReason.FACTS_CHANGED, HoldReason.ASKED])
    groups = held.order_by().values_list("campaign", "letter__facts_version").annotate(number=Count("pk"))
    campaigns = Campaign.objects.in_bulk([campaign for campaign, _version, _number in groups])
    return [
        Outdated(campaigns[pk], version, number, changes_since(campaigns[pk], version))
        for pk, version, number in sorted(groups)
    ]


def open_questions(deliveries: DeliveryQuerySet) -> list[Delivery]:
    """The first of those of which nobody knows whether they were taken, each with all that is known of it."""
    unresolved = deliveries.filter(state=S.UNRESOLVED).select_related("target").prefetch_related("log")
    return list(unresolved.order_by("pk")[:SHOWN])


def only_letters(deliveries: Any) -> DeliveryQuerySet:
    """Letters to offices among the rows of a page: mail of ours is nobody's to decide about."""
    letters: DeliveryQuerySet = Delivery.objects.filter(pk__in=deliveries.values("pk")).letters()
    return letters
