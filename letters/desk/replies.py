"""Answers of offices: a moderator reads each, and says who else may."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from letters.desk.reading import OfEditors, ReadOnly, may_read
from letters.models import Reply, ReplyState
from letters.sending.answers import decide, traces
from prisoners.fields.admin import badge

LOOK = {
    ReplyState.WAITING: "warn",
    ReplyState.KEPT: "ok",
    ReplyState.PUBLISHED: "ok",
    ReplyState.REJECTED: "plain",
    ReplyState.ERASED: "plain",
}
PRIVATE = ("sender", "subject", "text", "attachments")
DECISIONS = [
    (ReplyState.KEPT, _("Send it to the supporter")),
    (ReplyState.PUBLISHED, _("Send it to the supporter and show the text below on the campaign’s page")),
    (ReplyState.REJECTED, _("Pass it on to nobody: it is no answer")),
]


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class is not generic at run time
    """A moderator's decision, with the text that everybody may read."""

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    knowingly = forms.BooleanField(
        label=_("Publish it although it may name the supporter"),
        help_text=_("Only where the word means somebody else, or the supporter agreed."),
        required=False,
    )

    class Meta:
        model = Reply
        fields = ["published_text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.state == ReplyState.WAITING:
            self.initial.setdefault("published_text", "")
            self.initial["published_text"] = self.initial["published_text"] or self.instance.text
        elif self.instance.state in dict(DECISIONS):
            self.initial["decision"] = self.instance.state

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("published_text", "").strip()
        if cleaned.get("decision") != ReplyState.PUBLISHED:
            cleaned["published_text"] = ""
        elif not text:
            self.add_error("published_text", ValidationError(_("Write the text to be shown."), code="required"))
        elif found := traces(text, self.instance.delivery.letter):
            self.refuse(found)
        return cleaned

    def refuse(self, found: list[str]) -> None:
        """Have what names the supporter removed, or its box ticked."""
        if not self.cleaned_data.get("knowingly"):
            error = _("This may name the supporter: %(words)s. Remove it, or tick the box below.")
            words = {"words": ", ".join(f"“{word}”" for word in found)}
            self.add_error("published_text", ValidationError(error, params=words, code="names"))


@admin.register(Reply)
class ReplyAdmin(OfEditors, ReadOnly):
    form = ReplyForm
    list_display = ["pk", "campaign", "office", "state_shown", "received_at"]
    list_filter = ["state", "campaign"]
    list_select_related = ["campaign", "office__target"]
    date_hierarchy = "received_at"
    personal = PRIVATE
    readonly_fields = ["delivery", "campaign", "office", "state_shown", "received_at", "decided_at", *PRIVATE]
    fieldsets = [
        (None, {"fields": [("campaign", "office"), "delivery", ("state_shown", "received_at", "decided_at")]}),
        (_("As it came"), {"fields": list(PRIVATE)}),
        (_("Who else may read it"), {"fields": ["decision", "published_text", "knowingly"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reply]:
        replies: QuerySet[Reply] = super().get_queryset(request).filter(delivery__letter__isnull=False)
        return replies if may_read(request.user) else replies.defer(*PRIVATE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the user may decide, about an answer that is still there."""
        allowed = request.user.has_perm("letters.decide_reply") and may_read(request.user)
        return allowed and (obj is None or obj.state != ReplyState.ERASED)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        return shown if self.has_change_permission(request, obj) else shown[:-1]

    def save_model(self, request: HttpRequest, reply: Reply, form: Any, change: Any) -> None:
        decide(reply, ReplyState(form.cleaned_data["decision"]), form.cleaned_data["published_text"])
        self.message_user(request, reply.get_state_display(), messages.SUCCESS)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, reply: Reply) -> str:
        return badge(LOOK[ReplyState(reply.state)], reply.get_state_display())
