"""Dossiers: letters of a period to one office in one PDF, for lawyers or a delegation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from letters.desk.reading import OfEditors, may_read
from letters.models import Dossier
from letters.paper.dossier import withdraw
from letters.printing.tasks import wake
from prisoners.fields.admin import badge

LOOK = {"waiting": "warn", "ready": "ok", "failed": "plain", "deleted": "plain"}


@admin.register(Dossier)
class DossierAdmin(OfEditors):
    list_display = ["__str__", "since", "until", "state_shown", "progress", "created_at", "download"]
    list_filter = ["state", "campaign"]
    list_select_related = ["campaign", "target"]
    autocomplete_fields = ["campaign", "target"]
    fields = ["campaign", "target", ("since", "until"), ("language", "paper")]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_read(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Dossier, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.total = obj.letters.count()
        super().save_model(request, obj, form, change)
        wake(obj)

    def get_urls(self) -> list[URLPattern]:
        file = path("<int:pk>/dossier.pdf", self.admin_site.admin_view(self.file), name="letters_dossier_file")
        return [file, *super().get_urls()]

    def file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The finished file; who took it is noted in its history."""
        dossier = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, dossier):
            raise PermissionDenied
        if dossier.state == Dossier.State.READY and dossier.lost_a_letter:
            withdraw(dossier)
            raise Http404
        if dossier.state != Dossier.State.READY or not dossier.file.exists():
            raise Http404
        self.log_change(request, dossier, str(_("Downloaded.")))
        return FileResponse(dossier.file.open("rb"), as_attachment=True, filename=f"dossier-{pk}.pdf")

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, dossier: Dossier) -> str:
        return badge(LOOK[dossier.state], dossier.reason or dossier.get_state_display())

    @admin.display(description=_("letters printed"))
    def progress(self, dossier: Dossier) -> str:
        return f"{dossier.done} / {dossier.total}"

    @admin.display(description=_("file"))
    def download(self, dossier: Dossier) -> str:
        if dossier.state != Dossier.State.READY:
            return "–"
        return format_html('<a href="{}">PDF</a>', reverse("admin:letters_dossier_file", args=[dossier.pk]))
