"""Deliveries: where each letter stands, and what an organiser may decide."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.desk.roles import editable_campaigns
from letters.desk.decisions import DECISIONS, Decision, by_state, facts_of, only_letters, open_questions, outdated
from letters.desk.faxes import CallInline, FaxPages
from letters.desk.queue_page import queue_page
from letters.desk.reading import FROZEN, OfEditors, ReadOnlyInline, masked, may_read
from letters.desk.switches import switch
from letters.models import Delivery, DeliveryLog, DeliveryState, HoldReason
from letters.models.queue import DeliveryQuerySet
from prisoners.fields.admin import badge

LOOK = {
    DeliveryState.QUEUED: "plain",
    DeliveryState.SENDING: "plain",
    DeliveryState.HANDING_OVER: "plain",
    DeliveryState.DEFERRED: "warn",
    DeliveryState.HELD: "warn",
    DeliveryState.ACCEPTED: "ok",
    DeliveryState.DELIVERED: "ok",
    DeliveryState.BOUNCED: "bad",
    DeliveryState.FAILED: "bad",
    DeliveryState.UNKNOWN: "warn",
    DeliveryState.UNRESOLVED: "bad",
    DeliveryState.CANCELLED: "plain",
    DeliveryState.EXPIRED: "bad",
    DeliveryState.CAPTURED: "plain",
}


CHANGED = (HoldReason.FACTS_CHANGED, HoldReason.ASKED)
# The version of a campaign's facts that the page showed.
FACTS = re.compile(r"facts_\d+")


class LogInline(ReadOnlyInline):
    model = DeliveryLog
    fields = ["at", "from_state", "to_state", "owner", "reason"]
    readonly_fields = ["at"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may see a delivery may see what became of it, step by step."""
        return request.user.has_perm("letters.view_delivery")


@admin.register(Delivery)
class DeliveryAdmin(OfEditors, FaxPages):
    list_display = [
        "number",
        "campaign",
        "target",
        "channel",
        "role",
        "state_shown",
        "attempts",
        "deliver_by",
        "reason",
    ]
    list_filter = ["state", "hold_reason", "channel", "role", "campaign", ("target", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["campaign", "target"]
    date_hierarchy = "created_at"
    search_fields = ["message_id", "target__slug", "campaign__slug"]
    inlines = [LogInline, CallInline]
    personal = FROZEN
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("campaign", "letter"),
                    ("target", "contact"),
                    ("channel", "language", "fax_links"),
                    ("role", "purpose"),
                    ("state", "hold_reason", "facts_link"),
                    "reason",
                    ("attempts", "next_attempt_at", "deliver_by"),
                    ("created_at", "handed_over_at", "delivered_at", "settled_at"),
                    ("replaces", "replaced_at"),
                    ("message_id", "text_hash"),
                ]
            },
        ),
        (_("As it was confirmed"), {"fields": ["address_shown", "addressee", "sender", "subject", "text"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        deliveries: QuerySet[Delivery] = super().get_queryset(request)
        return deliveries if may_read(request.user) else deliveries.defer(*FROZEN)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/facts/", view(facts_page), name="letters_delivery_facts"),
            path("queue/", view(queue_page), name="letters_queue"),
            path("queue/<slug:act>/everything/", view(switch), {"scope": "everything"}, "letters_switch_everything"),
            path("queue/<slug:act>/<slug:scope>/<int:pk>/", view(switch), name="letters_switch"),
            *super().get_urls(),
        ]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, delivery: Delivery) -> int:
        return delivery.pk

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, delivery: Delivery) -> str:
        return badge(LOOK[DeliveryState(delivery.state)], delivery.get_state_display())

    @admin.display(description=_("the facts"))
    def facts_link(self, delivery: Delivery) -> str:
        """Where to see what has changed, for a letter that waits for that."""
        if delivery.hold_reason not in CHANGED:
            return "–"
        address = reverse("admin:letters_delivery_facts", args=[delivery.pk])
        return format_html('<a href="{}">{}</a>', address, _("What has changed"))

    @admin.display(description=_("address"))
    def address_shown(self, delivery: Delivery) -> str:
        """An office's address is public; a supporter's is nobody's business here."""
        return masked(delivery.address) if delivery.role == Delivery.Role.SERVICE else delivery.address

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the user may decide about deliveries at all; about which, their campaigns say."""
        return request.user.has_perm("letters.decide_delivery")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET or not self.has_decide_permission(request):
            return {}
        return {name: (partial(ask, decision), name, decision.label) for name, decision in DECISIONS.items()}


@permission_required("letters.view_delivery", raise_exception=True)
def facts_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what has changed since a letter was written, beside the letter, with what may be decided about it."""
    mine = only_letters(Delivery.objects.filter(pk=pk)).filter(campaign__in=editable_campaigns(request.user))
    row = get_object_or_404(mine.select_related("target", "campaign"))
    context = {
        **admin.site.each_context(request),
        "title": _("What has changed"),
        "delivery": row,
        "outdated": outdated(mine),
        "may_read": may_read(request.user),
        "decisions": [DECISIONS[name] for name in ("release", "ask_again", "drop") if DECISIONS[name].possible(mine)]
        if request.user.has_perm("letters.decide_delivery")
        else [],
        "opts": Delivery._meta,
    }
    return render(request, "admin/letters/delivery/facts.html", context)


def ask(
    decision: Decision, page: DeliveryAdmin, request: HttpRequest, chosen: QuerySet[Delivery]
) -> HttpResponse | None:
    """Show what a decision would do, and carry it out when it comes back with a yes."""
    mine = only_letters(chosen).filter(campaign__in=editable_campaigns(request.user))
    if "yes" in request.POST:
        carry_out(page, request, decision, mine)
        return None
    possible = decision.possible(mine)
    context = {
        **page.admin_site.each_context(request),
        "title": decision.label,
        "decision": decision,
        "possible": by_state(possible),
        "impossible": chosen.count() - possible.count(),
        "offices": Counter(str(row.target) for row in possible.select_related("target")).most_common(20),
        "facts": facts_of(possible),
        "outdated": outdated(possible),
        "unresolved": open_questions(possible),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": request.POST.get("select_across", "0"),
        "opts": page.opts,
    }
    return render(request, "admin/letters/delivery/decide.html", context)


def carry_out(page: DeliveryAdmin, request: HttpRequest, decision: Decision, mine: DeliveryQuerySet) -> None:
    """Carry a decision out and write down who made it."""
    seen = {int(key.removeprefix("facts_")): int(request.POST[key]) for key in request.POST if FACTS.fullmatch(key)}
    about = list(decision.possible(mine).values_list("pk", flat=True))
    with transaction.atomic():
        moved = decision.carry_out(mine, seen, request.user.pk or 0)
        LogEntry.objects.create(
            user_id=request.user.id,  # type: ignore[misc]  # nobody without an id has the permission
            content_type=ContentType.objects.get_for_model(Delivery),
            object_id=about[0] if len(about) == 1 else None,
            object_repr=f"{decision.name}: {moved}",
            action_flag=CHANGE,
            change_message=", ".join(map(str, about)),
        )
    done = ngettext("%d letter: done.", "%d letters: done.", moved) % moved
    page.message_user(request, done, messages.SUCCESS if moved else messages.WARNING)
