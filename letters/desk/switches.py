"""Stop, go on, give up: for one office, one campaign or everything, asked about with counts before it is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.desk.roles import editable_campaigns
from campaigns.models import Campaign, CampaignState, CampaignTarget, Target
from letters.desk.decisions import by_state
from letters.desk.queue import letters_of
from letters.models import Brake, DeliveryState
from letters.models.queue import DeliveryQuerySet
from letters.sending import tasks

REASON = 200


@dataclass(frozen=True)
class Act:
    """What a switch does, what is asked before, and what undoes it."""

    label: str | Promise
    warning: str | Promise
    undo: str = ""


ACTS = {
    "pause": Act(
        gettext_lazy("Stop"),
        gettext_lazy("Nothing of it leaves from the next second on. It waits here until you let it go on."),
        "resume",
    ),
    "resume": Act(
        gettext_lazy("Let it go on"),
        gettext_lazy("Letters leave again at the pace of their offices: there is no flood."),
        "pause",
    ),
    "cancel": Act(
        gettext_lazy("Cancel what waits"),
        gettext_lazy(
            "These letters are never sent, and their writers are told. This can’t be undone. To win time, stop it "
            "instead. New letters can still be written."
        ),
    ),
}


@dataclass(frozen=True)
class Switch:
    """An act on what somebody may decide about. `thing` is a campaign, an office of the directory, or None: all."""

    name: str
    user: User | AnonymousUser
    thing: Campaign | Target | None

    @property
    def act(self) -> Act:
        return ACTS[self.name]

    @property
    def scope(self) -> str:
        if self.thing is None:
            return "everything"
        return "campaign" if isinstance(self.thing, Campaign) else "office"

    @property
    def title(self) -> str:
        """What is asked: "Stop: Prosecutor General"."""
        return f"{self.act.label}: {self.thing or _('everything')}"

    def letters(self) -> DeliveryQuerySet:
        """The letters that wait and are concerned."""
        waiting = letters_of(self.user).waiting()
        if isinstance(self.thing, Campaign):
            return waiting.filter(campaign=self.thing)
        return waiting.filter(target=self.thing) if self.thing else waiting

    def offices(self, target: Target) -> QuerySet[CampaignTarget]:
        """The office in the campaigns that the user may change."""
        return CampaignTarget.objects.filter(target=target, campaign__in=editable_campaigns(self.user))

    def pause(self, reason: str) -> None:
        if isinstance(self.thing, Campaign):
            Campaign.objects.filter(pk=self.thing.pk).open().update(state=CampaignState.PAUSED)
        elif self.thing:
            self.offices(self.thing).update(paused=True)
        else:
            Brake.objects.update_or_create(channel="", defaults={"reason": reason})

    def resume(self, _reason: str) -> None:
        if isinstance(self.thing, Campaign):
            paused = Campaign.objects.filter(pk=self.thing.pk, state=CampaignState.PAUSED)
            paused.update(state=CampaignState.OPEN)
        elif self.thing:
            self.offices(self.thing).update(paused=False)
        else:
            Brake.objects.all().delete()
        tasks.wake_on_commit()

    def cancel(self, reason: str) -> None:
        self.letters().move(DeliveryState.CANCELLED, reason=reason or "cancelled at the desk")


def switch(request: HttpRequest, act: str, scope: str, pk: int = 0) -> HttpResponse:
    """Show what would happen, and let it happen when the page comes back with a yes."""
    turned = Switch(act, request.user, thing_of(request, act, scope, pk))
    if request.method == "POST":
        turn(request, turned, request.POST.get("reason", "").strip()[:REASON])
        return redirect("admin:letters_queue")
    rows = turned.letters()
    by_office = Counter(dict(rows.values_list("target").annotate(Count("pk"))))
    shown = Target.objects.in_bulk([pk for pk, _number in by_office.most_common(20)])
    context = {
        **admin.site.each_context(request),
        "title": turned.title,
        "switch": turned,
        "states": by_state(rows),
        "offices": [(shown[pk], number) for pk, number in by_office.most_common(20)],
        "campaigns": Campaign.objects.filter(pk__in=rows.values("campaign")) if scope != "campaign" else [],
        "number": sum(by_office.values()),
    }
    return render(request, "admin/letters/queue/switch.html", context)


def thing_of(request: HttpRequest, act: str, scope: str, pk: int) -> Campaign | Target | None:
    """What the address names.

    Raises:
        Http404: there is no such act or thing, or it is in no campaign of the user's.
        PermissionDenied: the user may not turn this switch.
    """
    user = request.user
    needed = "letters.add_brake" if scope == "everything" and act != "cancel" else "letters.decide_delivery"
    if not user.has_perm(needed):
        raise PermissionDenied
    if act not in ACTS:
        raise Http404
    if scope == "everything":
        return None
    mine = editable_campaigns(user)
    things: dict[str, QuerySet[Any]] = {
        "campaign": mine,
        "office": Target.objects.filter(campaign_targets__campaign__in=mine).distinct(),
    }
    found: Campaign | Target | None = things[scope].filter(pk=pk).first() if scope in things else None
    if found is None:
        raise Http404
    return found


def turn(request: HttpRequest, switch: Switch, reason: str) -> None:
    """Do it, write down who did it, and say how to undo it."""
    number = switch.letters().count()
    with transaction.atomic():
        getattr(switch, switch.name)(reason)
        about = switch.thing or Brake
        LogEntry.objects.create(
            user_id=request.user.id,  # type: ignore[misc]  # nobody without an id has the permission
            content_type=ContentType.objects.get_for_model(about),
            object_id=switch.thing.pk if switch.thing else None,
            object_repr=f"{switch.name} {switch.scope}: {switch.thing or ''}"[:200],
            action_flag=CHANGE,
            change_message=f"{number} waiting. {reason}",
        )
    done = ngettext("%(what)s. %(n)s letter concerned.", "%(what)s. %(n)s letters concerned.", number)
    said = done % {"what": switch.title, "n": number}
    messages.success(request, format_html("{} {}", said, link_back(switch)))


def link_back(switch: Switch) -> str:
    """The link to the switch that undoes this one, if there is one."""
    if not switch.act.undo:
        return ""
    address = address_of(switch.act.undo, switch.thing)
    return format_html('<a href="{}">{}</a>', address, _("Undo: %(act)s") % {"act": ACTS[switch.act.undo].label})


def address_of(act: str, thing: Campaign | Target | None) -> str:
    """Where `act` on `thing` is asked about."""
    if thing is None:
        return reverse("admin:letters_switch_everything", args=[act])
    return reverse(
        "admin:letters_switch", args=[act, "campaign" if isinstance(thing, Campaign) else "office", thing.pk]
    )
