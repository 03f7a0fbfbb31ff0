"""Signatures: organisations that wait for a moderator, and names that must not stand in the list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.desk.roles import editable_campaigns
from letters.desk.reading import OfEditors, ReadOnly, masked, may_read
from letters.models import Signature, SignatureState
from letters.models.signatures import SignatureQuerySet
from prisoners.fields.admin import badge

LOOK = {
    SignatureState.PENDING: "plain",
    SignatureState.WAITING: "warn",
    SignatureState.SIGNED: "ok",
    SignatureState.REJECTED: "bad",
    SignatureState.EXPIRED: "plain",
    SignatureState.ERASED: "plain",
}
NAMES = ("name", "role", "email", "contact")


@dataclass(frozen=True)
class Ruling:
    """What a moderator may decide, and about which signatures."""

    name: str
    label: str | Promise
    warning: str | Promise
    among: tuple[SignatureState, ...]
    to: SignatureState


RULINGS = (
    Ruling(
        "accept",
        _("Accept the chosen signatures"),
        _("They count from now on, and names that may be shown stand in the list."),
        (SignatureState.WAITING, SignatureState.REJECTED),
        SignatureState.SIGNED,
    ),
    Ruling(
        "refuse",
        _("Refuse the chosen signatures"),
        _("They leave the list and count no more. They can be accepted again later."),
        (SignatureState.WAITING, SignatureState.SIGNED),
        SignatureState.REJECTED,
    ),
)


@admin.register(Signature)
class SignatureAdmin(OfEditors, ReadOnly):
    list_display = ["number", "name_shown", "kind", "campaign", "state_shown", "is_public", "country", "confirmed_on"]
    list_filter = ["state", "kind", "campaign", "is_public", "country"]
    list_select_related = ["campaign"]
    date_hierarchy = "created_at"
    personal = NAMES
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("campaign", "kind", "state"),
                    ("country", "page_language", "is_public", "members"),
                    ("created_at", "expires_at", "confirmed_at", "erased_at"),
                    "consent_version",
                ]
            },
        ),
        (_("Who signed"), {"fields": ["name", "role", "contact", "email_masked"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        signatures: QuerySet[Signature] = super().get_queryset(request)
        return signatures if may_read(request.user) else signatures.defer(*NAMES)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [name for name in self.list_display if name != "name_shown" or may_read(request.user)]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, signature: Signature) -> int:
        return signature.pk

    @admin.display(description=_("name"))
    def name_shown(self, signature: Signature) -> str:
        return ", ".join(filter(None, [signature.name, signature.role]))

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, signature: Signature) -> str:
        return badge(LOOK[SignatureState(signature.state)], signature.get_state_display())

    @admin.display(description=_("email"))
    def email_masked(self, signature: Signature) -> str:
        return masked(signature.email)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if IS_POPUP_VAR in request.GET or not request.user.has_perm("letters.decide_signature"):
            return {}
        return {ruling.name: (partial(ask, ruling), ruling.name, ruling.label) for ruling in RULINGS}


def ask(ruling: Ruling, page: SignatureAdmin, request: HttpRequest, chosen: QuerySet[Signature]) -> HttpResponse | None:
    """Show what a ruling would do, and carry it out when it comes back with a yes."""
    mine = Signature.objects.filter(
        pk__in=chosen.values("pk"), campaign__in=editable_campaigns(request.user), state__in=ruling.among
    )
    if "yes" in request.POST:
        carry_out(ruling, page, request, mine)
        return None
    context = {
        **page.admin_site.each_context(request),
        "title": ruling.label,
        "ruling": ruling,
        "possible": mine.select_related("campaign")[:100] if may_read(request.user) else [],
        "number": mine.count(),
        "impossible": chosen.count() - mine.count(),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": request.POST.get("select_across", "0"),
        "opts": page.opts,
    }
    return render(request, "admin/letters/signature/decide.html", context)


def carry_out(ruling: Ruling, page: SignatureAdmin, request: HttpRequest, mine: SignatureQuerySet) -> None:
    """Make the ruling, with a line in the history of each signature."""
    moved = mine.settle(ruling.to, ruling.among)
    for signature in moved:
        page.log_change(request, signature, [{"changed": {"fields": [str(_("state"))]}}])
    done = ngettext("%d signature: done.", "%d signatures: done.", len(moved)) % len(moved)
    page.message_user(request, done, messages.SUCCESS if moved else messages.WARNING)
