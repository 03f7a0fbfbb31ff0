"""What was done elsewhere: by post, by phone, in the street; entered here or looked at by a moderator."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from letters.desk.reading import OfEditors
from letters.models import ReportedAction
from prisoners.fields.admin import badge

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[ReportedAction]
else:
    ModelForm = forms.ModelForm

LOOK = {
    ReportedAction.State.COUNTED: "ok",
    ReportedAction.State.WAITING: "warn",
    ReportedAction.State.REJECTED: "plain",
}


class ReportForm(ModelForm):
    """A report whose office, if it names one, is one of the campaign's."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        office, campaign = cleaned.get("office"), cleaned.get("campaign")
        if office and campaign and office.campaign != campaign:
            raise ValidationError({"office": _("This office belongs to another campaign.")}, code="other_campaign")
        return cleaned


@admin.register(ReportedAction)
class ReportedActionAdmin(OfEditors):
    form = ReportForm
    list_display = ["number", "way", "campaign", "office", "country", "done_on", "known_by", "state_shown"]
    list_display_links = ["number", "way"]
    list_filter = ["state", "way", "known_by", "campaign", "country"]
    list_select_related = ["campaign", "office__target"]
    date_hierarchy = "done_on"
    search_fields = ["campaign__slug", "office__target__slug"]
    autocomplete_fields = ["campaign", "office"]
    actions = ["accept", "reject"]
    fields = [("campaign", "office"), ("way", "number"), ("done_on", "country"), ("known_by", "state"), "note"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"known_by": ReportedAction.KnownBy.PAPER, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: ReportedAction, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.form_key = obj.form_key or secrets.token_urlsafe(32)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, report: ReportedAction) -> str:
        return badge(LOOK[ReportedAction.State(report.state)], report.get_state_display())

    @admin.action(description=_("Count the chosen reports"), permissions=["change"])
    def accept(self, request: HttpRequest, reports: QuerySet[ReportedAction]) -> None:
        self.settle(request, reports, ReportedAction.State.COUNTED)

    @admin.action(description=_("Do not count the chosen reports"), permissions=["change"])
    def reject(self, request: HttpRequest, reports: QuerySet[ReportedAction]) -> None:
        self.settle(request, reports, ReportedAction.State.REJECTED)

    def settle(self, request: HttpRequest, reports: QuerySet[ReportedAction], state: ReportedAction.State) -> None:
        """Move the reports to `state`, with a line in the history of each that was in another one."""
        changed = list(reports.exclude(state=state))
        reports.exclude(state=state).update(state=state)
        for report in changed:
            self.log_change(request, report, [{"changed": {"fields": [str(_("state"))]}}])
        done = ngettext("%d report changed.", "%d reports changed.", len(changed)) % len(changed)
        self.message_user(request, done)
