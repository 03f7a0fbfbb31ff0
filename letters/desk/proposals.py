"""Events from the public: a moderator reads each, and only a yes makes it public."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.desk.roles import editable_campaigns
from letters.desk.reading import OfEditors, ReadOnly, may_read
from letters.models import Proposal
from letters.writing import events
from prisoners.fields.admin import badge

LOOK = {Proposal.State.WAITING: "warn", Proposal.State.ACCEPTED: "ok", Proposal.State.REJECTED: "plain"}
RULINGS = {
    "accept": (events.accept, _("Make the chosen ones public"), _("Everyone can read them from now on.")),
    "refuse": (events.refuse, _("Refuse the chosen ones"), _("They are put aside and deleted after some time.")),
}


@admin.register(Proposal)
class ProposalAdmin(OfEditors, ReadOnly):
    list_display = ["pk", "kind", "campaign", "day", "country", "state_shown", "created_at"]
    list_filter = ["state", "campaign", "country"]
    list_select_related = ["campaign", "event"]
    date_hierarchy = "created_at"
    personal = ("name",)
    actions = ["accept", "refuse"]
    fieldsets = [
        (None, {"fields": [("campaign", "event", "state"), ("day", "hour", "country"), ("language", "number")]}),
        (_("What was told"), {"fields": ["name", "city", "text", "organiser", "safety_note", "contact"]}),
    ]

    @admin.display(description=_("kind"))
    def kind(self, proposal: Proposal) -> str:
        return str(_("what happened") if proposal.event_id else _("planned event"))

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, proposal: Proposal) -> str:
        return badge(LOOK[Proposal.State(proposal.state)], proposal.get_state_display())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET or not request.user.has_perm("letters.decide_proposal"):
            return {}
        return {name: (ask, name, label) for name, (_act, label, _warning) in RULINGS.items()}


def ask(page: ProposalAdmin, request: HttpRequest, chosen: QuerySet[Proposal]) -> HttpResponse | None:
    """Show what would become public, or not, and carry it out when it comes back with a yes."""
    name = request.POST["action"]
    act, label, warning = RULINGS[name]
    campaigns = editable_campaigns(request.user)
    mine = Proposal.objects.filter(pk__in=chosen.values("pk"), campaign__in=campaigns, state=Proposal.State.WAITING)
    if "yes" in request.POST:
        carry_out(page, request, [row for row in mine.select_related("campaign", "event") if act(row)], str(label))
        return None
    context = {
        **page.admin_site.each_context(request),
        "title": label,
        "label": label,
        "warning": warning,
        "action": name,
        "possible": mine.select_related("campaign", "event")[:50] if may_read(request.user) else [],
        "number": mine.count(),
        "impossible": chosen.count() - mine.count(),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": request.POST.get("select_across", "0"),
        "opts": page.opts,
    }
    return render(request, "admin/letters/proposal/decide.html", context)


def carry_out(page: ProposalAdmin, request: HttpRequest, decided: list[Proposal], what: str) -> None:
    """Note what was decided in the history of each, and say so."""
    for proposal in decided:
        page.log_change(request, proposal, what)
    done = ngettext("%d decided.", "%d decided.", len(decided)) % len(decided)
    page.message_user(request, done, messages.SUCCESS if decided else messages.WARNING)
