"""Look at the outbox, stop it and let it go on, from a shell: the switch that works when nothing else does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, QuerySet
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, CampaignTarget, Channel
from campaigns.models.campaigns import CampaignQuerySet
from letters.models import Brake, Delivery, DeliveryState, Heartbeat, HoldReason
from letters.models.queue import DeliveryQuerySet
from letters.sending import tasks

S = DeliveryState
ACTIONS = {
    "status": "how many deliveries are in each state, what is stopped, which workers live",
    "pause": "stop: nothing of the scope leaves from the next hand-over on",
    "resume": "let the scope go on, at the pace of its offices",
    "cancel": "give up what waits in the scope; it is never sent, and its writers are told",
    "sweep": "settle what is due and hand over what is ready, here and now, without a broker",
}
SCOPES = ("delivery", "campaign", "office", "channel", "everything")


class Command(BaseCommand):
    help = "Actions: " + "; ".join(f"{name}: {text}" for name, text in ACTIONS.items()) + "."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        scope = parser.add_mutually_exclusive_group()
        scope.add_argument("--delivery", type=int, metavar="NUMBER")
        scope.add_argument("--campaign", metavar="SLUG")
        scope.add_argument("--office", metavar="SLUG", help="an office of the directory, in all campaigns")
        scope.add_argument("--channel", choices=[Channel.EMAIL.value, Channel.FAX.value], help="mail of ours included")
        scope.add_argument("--everything", action="store_true", help="mail of ours included")
        parser.add_argument("--reason", default="", help="shown to organisers")

    def handle(self, *_args: Any, **options: Any) -> None:
        action: str = options["action"]
        if action in {"pause", "resume", "cancel"} and not any(map(options.get, SCOPES)):
            raise CommandError(f"Say what to {action}: --{', --'.join(SCOPES)}.")
        getattr(self, action)(options)

    def status(self, options: dict[str, Any]) -> None:
        for brake in Brake.objects.all():
            self.stdout.write(f"STOPPED: {brake} since {brake.since:%Y-%m-%d %H:%M} {brake.reason}")
        counted = dict(rows_of(options).order_by().values_list("state").annotate(Count("pk")))
        for state in DeliveryState:
            if counted.get(state):
                self.stdout.write(f"{counted[state]:>8}  {state}")
        for heart in Heartbeat.objects.order_by("-at"):
            seconds = (timezone.now() - heart.at).total_seconds()
            self.stdout.write(f"worker {heart.worker}: seen {seconds:.0f} s ago")

    def pause(self, options: dict[str, Any]) -> None:
        if options["everything"] or options["channel"]:
            Brake.objects.update_or_create(channel=options["channel"] or "", defaults={"reason": options["reason"]})
        elif options["campaign"]:
            campaigns(options["campaign"]).open().update(state=CampaignState.PAUSED)
        elif options["office"]:
            offices(options["office"]).update(paused=True)
        else:
            reason = options["reason"] or "held from the shell"
            self.report(rows_of(options).move(S.HELD, hold_reason=HoldReason.MODERATION, reason=reason), "held")

    def resume(self, options: dict[str, Any]) -> None:
        if options["everything"]:
            Brake.objects.all().delete()
        elif options["channel"]:
            Brake.objects.filter(channel=options["channel"]).delete()
        elif options["campaign"]:
            campaigns(options["campaign"]).filter(state=CampaignState.PAUSED).update(state=CampaignState.OPEN)
        elif options["office"]:
            offices(options["office"]).update(paused=False)
        else:
            held = rows_of(options).filter(hold_reason=HoldReason.MODERATION)
            self.report(held.move(S.QUEUED, reason="released from the shell"), "released")
        tasks.wake()

    def cancel(self, options: dict[str, Any]) -> None:
        reason = options["reason"] or "cancelled from the shell"
        self.report(rows_of(options).waiting().letters().move(S.CANCELLED, reason=reason), "cancelled")

    def sweep(self, _options: dict[str, Any]) -> None:
        tasks.sweep()

    def report(self, number: int, done: str) -> None:
        self.stdout.write(f"{number} {done}")


def rows_of(options: dict[str, Any]) -> DeliveryQuerySet:
    """The deliveries in the scope that was named; all if none was."""
    rows = Delivery.objects.all()
    if options["delivery"]:
        rows = rows.filter(pk=options["delivery"])
    if options["campaign"]:
        rows = rows.filter(campaign__in=campaigns(options["campaign"]))
    if options["office"]:
        rows = rows.filter(office__in=offices(options["office"]))
    if options["channel"]:
        rows = rows.filter(channel=options["channel"])
    return rows


def campaigns(slug: str) -> CampaignQuerySet:
    """The campaign. Raises CommandError when there is none."""
    found = Campaign.objects.filter(slug=slug)
    if not found.exists():
        raise CommandError(f"There is no campaign {slug}.")
    return found


def offices(slug: str) -> QuerySet[CampaignTarget]:
    """The office in each of its campaigns. Raises CommandError when there is none."""
    found = CampaignTarget.objects.filter(target__slug=slug)
    if not found.exists():
        raise CommandError(f"No campaign addresses an office {slug}.")
    return found
