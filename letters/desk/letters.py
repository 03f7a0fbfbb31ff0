"""Letters as the desk sees them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _

from letters.desk.counts import counts, counts_csv, counts_xlsx
from letters.desk.reading import PERSONAL, OfEditors, ReadOnly, ReadOnlyInline, masked, may_read
from letters.models import Delivery, Letter, LetterState, LetterText
from prisoners.fields.admin import badge

LOOK = {
    LetterState.PENDING: "warn",
    LetterState.CONFIRMED: "ok",
    LetterState.EXPIRED: "plain",
    LetterState.ERASED: "plain",
}


class TextInline(ReadOnlyInline):
    model = LetterText
    fields = ["model_letter", "language", "edited", "body"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request.user)


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = ["target", "channel", "role", "state", "attempts", "handed_over_at", "reason"]
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("letters.view_delivery")


@admin.register(Letter)
class LetterAdmin(OfEditors, ReadOnly):
    list_display = ["number", "campaign", "state_shown", "country", "page_language", "confirmed_on", "created_at"]
    list_filter = ["state", "campaign", "page_language", "country"]
    list_select_related = ["campaign"]
    date_hierarchy = "created_at"
    inlines = [DeliveryInline, TextInline]
    personal = PERSONAL
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "campaign",
                    "state",
                    "country",
                    "page_language",
                    ("created_at", "expires_at", "reminded_at"),
                    ("confirmed_at", "confirmed_on", "erased_at"),
                    ("reply_to_me", "copies", "in_dossier", "updates"),
                    ("consent_version", "facts_version"),
                ]
            },
        ),
        (
            _("The supporter, in their own words"),
            {"fields": ["name", "email_masked", "city", "organisation", "role", "own_words"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        letters: QuerySet[Letter] = super().get_queryset(request)
        return letters if may_read(request.user) else letters.defer(*PERSONAL)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("counts/", view(counts), name="letters_counts"),
            path("counts.csv", view(counts_csv), name="letters_counts_csv"),
            path("counts.xlsx", view(counts_xlsx), name="letters_counts_xlsx"),
            *super().get_urls(),
        ]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, letter: Letter) -> int:
        return letter.pk

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, letter: Letter) -> str:
        return badge(LOOK[LetterState(letter.state)], letter.get_state_display())

    @admin.display(description=_("email"))
    def email_masked(self, letter: Letter) -> str:
        return masked(letter.email)
