"""The journal: who changed, decided or took away what, and when. Nobody edits it, administrators read it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from letters.desk.reading import ReadOnly


@admin.register(LogEntry)
class JournalAdmin(ReadOnly):
    list_display = ["action_time", "user", "content_type", "object_repr", "said"]
    list_filter = ["action_flag", "content_type", ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"
    search_fields = ["object_repr", "user__username", "user__email"]

    @admin.display(description=_("what was done"))
    def said(self, entry: LogEntry) -> str:
        return str(entry.get_change_message())
