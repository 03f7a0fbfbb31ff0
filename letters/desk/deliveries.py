"""Deliveries: where each letter stands, and what an organiser may decide."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from letters.desk.reading import FROZEN, ReadOnly, ReadOnlyInline, masked, may_read
from letters.models import Delivery, DeliveryLog, DeliveryState
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


class LogInline(ReadOnlyInline):
    model = DeliveryLog
    fields = ["at", "from_state", "to_state", "owner", "reason"]
    readonly_fields = ["at"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["pk", "campaign", "target", "channel", "role", "state_shown", "attempts", "deliver_by", "reason"]
    list_filter = ["state", "hold_reason", "channel", "role", "campaign", ("target", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["campaign", "target"]
    date_hierarchy = "created_at"
    search_fields = ["message_id", "target__slug", "campaign__slug"]
    inlines = [LogInline]
    personal = FROZEN
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("campaign", "letter"),
                    ("target", "contact"),
                    ("channel", "language"),
                    ("role", "purpose"),
                    ("state", "hold_reason"),
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

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, delivery: Delivery) -> str:
        return badge(LOOK[DeliveryState(delivery.state)], delivery.get_state_display())

    @admin.display(description=_("address"))
    def address_shown(self, delivery: Delivery) -> str:
        """An office's address is public; a supporter's is nobody's business here."""
        return masked(delivery.address) if delivery.role == Delivery.Role.SERVICE else delivery.address
