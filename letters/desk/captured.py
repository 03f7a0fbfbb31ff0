"""Captured post: in trial mode every mail and fax can be read here, as its reader would have seen it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from campaigns.models import Channel
from letters.desk.reading import OfEditors, ReadOnly
from letters.models import CapturedPost, DeliveryState
from letters.paper.renderer import PressBusyError, RenderingFailedError
from letters.sending.channels.fax.document import document
from letters.sending.messages import message_for


@admin.register(CapturedPost)
class CapturedPostAdmin(OfEditors, ReadOnly):
    list_display = ["__str__", "addressed_to", "campaign", "channel", "kind", "created_at"]
    list_filter = ["campaign", "role", "purpose", "channel"]
    list_select_related = ["campaign", "target"]
    date_hierarchy = "created_at"
    change_form_template = "admin/letters/capturedpost/post.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CapturedPost]:
        post: QuerySet[CapturedPost] = super().get_queryset(request)
        return post.filter(state=DeliveryState.CAPTURED)

    def get_urls(self) -> list[Any]:
        fax = self.admin_site.admin_view(self.fax)
        return [path("<int:pk>/fax.pdf", fax, name="letters_capturedpost_fax"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        post = self.get_object(request, object_id)
        message = message_for(post) if post else None
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "message": message})

    def fax(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The fax as the office's machine would have printed it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        post = get_object_or_404(self.get_queryset(request), pk=pk, channel=Channel.FAX)
        try:
            pdf = document(message_for(post)).pdf
        except (RenderingFailedError, PressBusyError) as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
        name = f"fax-{pk}.pdf"
        return HttpResponse(
            pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
        )

    @admin.display(description=_("to"))
    def addressed_to(self, post: CapturedPost) -> str:
        return f"{post.target} · {post.address}" if post.target else post.address

    @admin.display(description=_("kind"))
    def kind(self, post: CapturedPost) -> str:
        return str(post.get_purpose_display() if post.purpose else post.get_role_display())
