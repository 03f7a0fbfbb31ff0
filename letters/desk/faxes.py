"""What organisers see of a fax: its calls, its pages as the machine printed them, and its receipt."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaigns.models import Channel
from letters.desk.reading import ReadOnly, ReadOnlyInline, may_read
from letters.models import Delivery, DeliveryState, FaxCall
from letters.paper.fax_pages import as_received
from letters.paper.receipt import receipt_response
from letters.paper.renderer import RenderingFailedError
from letters.sending.channels.fax.document import document
from letters.sending.messages import message_for

UNAVAILABLE = 503


class CallInline(ReadOnlyInline):
    model = FaxCall
    fields = ["ended_at", "outcome", "pages", "remote_id", "status", "reference"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("letters.view_delivery")


class FaxPages(ReadOnly):
    """The pages about a fax below that of its delivery."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/fax/", view(self.fax), name="letters_delivery_fax"),
            path("<int:pk>/receipt.pdf", view(self.receipt), name="letters_delivery_receipt"),
            *super().get_urls(),
        ]

    def fax(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The pages, black and white."""
        if not self.has_view_permission(request) or not may_read(request.user):
            raise PermissionDenied
        delivery = get_object_or_404(self.get_queryset(request), pk=pk, channel=Channel.FAX)
        try:
            pages = as_received(document(message_for(delivery)).pdf)
        except RenderingFailedError as error:
            return HttpResponse(str(error), status=UNAVAILABLE, content_type="text/plain; charset=utf-8")
        pictures = [b64encode(page).decode() for page in pages]
        context = {**self.admin_site.each_context(request), "title": _("How it looks by fax"), "pictures": pictures}
        return render(request, "admin/letters/delivery/fax.html", context)

    def receipt(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The receipt as a PDF."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return receipt_response(FaxCall.objects.filter(delivery__in=self.get_queryset(request).filter(pk=pk)))
        except RenderingFailedError as error:
            return HttpResponse(str(error), status=UNAVAILABLE, content_type="text/plain; charset=utf-8")

    @admin.display(description=_("by fax"))
    def fax_links(self, delivery: Delivery) -> str:
        """Where its pages and its receipt are."""
        if delivery.channel != Channel.FAX:
            return "—"
        pages = reverse("admin:letters_delivery_fax", args=[delivery.pk])
        link = format_html('<a href="{}">{}</a>', pages, _("How it looks by fax"))
        if delivery.state != DeliveryState.DELIVERED:
            return link
        receipt = reverse("admin:letters_delivery_receipt", args=[delivery.pk])
        return format_html('{} · <a href="{}">{}</a>', link, receipt, _("Fax receipt (PDF)"))
