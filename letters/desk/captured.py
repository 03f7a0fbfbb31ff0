"""Captured post: in trial mode every mail and fax can be read here, as its reader would have seen it."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from letters.desk.reading import ReadOnly
from letters.models import CapturedPost, DeliveryState


@admin.register(CapturedPost)
class CapturedPostAdmin(ReadOnly):
    list_display = ["__str__", "addressed_to", "campaign", "channel", "kind", "created_at"]
    list_filter = ["campaign", "role", "purpose", "channel"]
    list_select_related = ["campaign", "target"]
    date_hierarchy = "created_at"
    change_form_template = "admin/letters/capturedpost/post.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CapturedPost]:
        post: QuerySet[CapturedPost] = super().get_queryset(request)
        return post.filter(state=DeliveryState.CAPTURED)

    @admin.display(description=_("to"))
    def addressed_to(self, post: CapturedPost) -> str:
        return f"{post.target} · {post.address}" if post.target else post.address

    @admin.display(description=_("kind"))
    def kind(self, post: CapturedPost) -> str:
        return str(post.get_purpose_display() if post.purpose else post.get_role_display())
