"""The directory's addresses with what came back from them: why one rests, and how to trust it again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.desk.offices import ContactDetailAdmin
from campaigns.models import USABLE, ContactDetail, ContactState
from letters.desk.reading import ReadOnlyInline
from letters.models import ContactEvent
from letters.sending.bounces import contacts
from letters.sending.replacing import replaceable

LISTED = 20
RESTING = (ContactState.SOFT_BOUNCING, ContactState.BOUNCED)


class EventInline(ReadOnlyInline):
    """What became known of an address by mail, the latest first."""

    model = ContactEvent
    fields = ["at", "kind", "cause", "status", "words", "delivery", "by"]
    readonly_fields = ["at"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("letters.view_delivery")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactEvent]:
        number = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        latest = ContactEvent.objects.filter(contact=number).values_list("pk", flat=True)[:LISTED] if number else ()
        return ContactEvent.objects.filter(pk__in=list(latest))


# The page of the directory, with what this app knows: an app may look at those before it, and not the other way round.
admin.site.unregister(ContactDetail)


@admin.register(ContactDetail)
class AddressAdmin(ContactDetailAdmin):
    list_display = [*ContactDetailAdmin.list_display, "why"]
    inlines = [EventInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactDetail]:
        return super().get_queryset(request).prefetch_related("mail_events")

    @admin.display(description=_("why it rests"))
    def why(self, contact: ContactDetail) -> str:
        """The cause of the latest bounce, for an address that is watched or given up."""
        if contact.state not in RESTING:
            return ""
        causes = [event.get_cause_display() for event in contact.mail_events.all() if event.cause]
        return causes[0] if causes else ""

    @admin.action(description=_("Mark as checked today: works"), permissions=["change"])
    def mark_checked(self, request: HttpRequest, chosen: QuerySet[ContactDetail]) -> None:
        """Trust addresses again: what came back before counts no more, and a new bounce does."""
        for contact in chosen.exclude(value=""):
            contacts.restore(contact, request.user.pk)
        super().mark_checked(request, chosen)

    def save_model(self, request: HttpRequest, contact: ContactDetail, form: Any, change: Any) -> None:
        before = ContactDetail.objects.filter(pk=contact.pk).first() if change else None
        super().save_model(request, contact, form, change)
        if before and before.state in RESTING and contact.state in USABLE and contact.state != before.state:
            contacts.restore(contact, request.user.pk)
        if before and before.value != contact.value:
            self.offer_replacement(request, contact)

    def offer_replacement(self, request: HttpRequest, contact: ContactDetail) -> None:
        """Say how many letters came back from the former address, and where they can be sent again."""
        number = replaceable().filter(contact=contact).count()
        if not number or not request.user.has_perm("letters.decide_delivery"):
            return
        said = ngettext(
            "%d letter to the former address did not arrive and can be sent again:",
            "%d letters to the former address did not arrive and can be sent again:",
            number,
        )
        where = f"{reverse('admin:letters_delivery_changelist')}?contact__id__exact={contact.pk}"
        link = format_html('{} <a href="{}">{}</a>', said % number, where, _("choose them here"))
        self.message_user(request, link, messages.WARNING)
