"""The shared directory: offices, their holders and addresses, missions, notices of the post."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.directory.contacts import normalise
from campaigns.models import (
    ContactDetail,
    ContactState,
    MissionCoverage,
    OfficeHolder,
    Organisation,
    PostalNotice,
    Tag,
    Target,
    TargetContact,
)
from prisoners.fields.admin import DeskAdmin, DeskStacked, DeskTabular, badge, in_languages
from prisoners.fields.date_forms import ModelForm

LOOK = {
    ContactState.OK: "ok",
    ContactState.UNVERIFIED: "warn",
    ContactState.SOFT_BOUNCING: "warn",
    ContactState.LOST: "bad",
    ContactState.BOUNCED: "bad",
    ContactState.REFUSED: "bad",
}


class HolderInline(DeskStacked):
    model = OfficeHolder
    autocomplete_fields = ["person"]
    fields = [("person", "position"), "title", "salutation", "address_form", ("since", "until")]


class ContactInline(DeskTabular):
    model = TargetContact
    autocomplete_fields = ["contact"]
    fields = ["position", "contact", "alternative", "care_of"]
    classes = []


class CoverageInline(DeskTabular):
    model = MissionCoverage


@admin.register(Target)
class TargetAdmin(DeskAdmin):
    list_display = ["__str__", "kind", "country", "host_country", "reachable", "used_in", "checked_on"]
    list_filter = ["kind", "country", "host_country", "contacts__state", "contacts__channel"]
    date_hierarchy = "checked_on"
    search_fields = [
        "slug",
        "wikidata",
        "holders__person__search_text",
        "contacts__value",
        *in_languages("name", "organisation", "city"),
    ]
    inlines = [ContactInline, HolderInline, CoverageInline]
    fieldsets = [
        (None, {"fields": ["name", "organisation", "slug", ("kind", "country", "host_country"), "city"]}),
        (_("How to write"), {"fields": ["languages", "salutation", "address_form"]}),
        (_("When it works"), {"fields": ["time_zone", "office_hours"], "classes": ["collapse"]}),
        (_("Source"), {"fields": ["url", "wikidata", ("source", "checked_on")], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        counted = super().get_queryset(request).annotate(campaigns_count=Count("campaign_targets", distinct=True))
        offices: QuerySet[Target] = counted.prefetch_related("contacts")
        return offices

    @admin.display(description=_("can be reached by"))
    def reachable(self, target: Target) -> str:
        ways = [str(contact.get_channel_display()) for contact in target.contacts.all() if contact.is_usable]
        return ", ".join(dict.fromkeys(ways)) or badge("bad", _("no working address"))

    @admin.display(description=_("campaigns"), ordering="campaigns_count")
    def used_in(self, target: Target) -> int:
        return int(getattr(target, "campaigns_count", 0))


class ContactForm(ModelForm):
    """An address in the one form that the directory keeps."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        channel, value = cleaned.get("channel"), cleaned.get("value")
        if channel and value:
            try:
                cleaned["value"] = normalise(channel, value, cleaned.get("country") or "")
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


@admin.register(ContactDetail)
class ContactDetailAdmin(DeskAdmin):
    form = ContactForm
    list_display = ["value_shown", "channel", "state_shown", "offices", "checked_on"]
    list_filter = ["channel", "state", "route", "country"]
    date_hierarchy = "checked_on"
    search_fields = ["value", "latin_value", "targets__slug", *in_languages("targets__name", "label")]
    autocomplete_fields = ["route_target"]
    actions = ["mark_checked", "mark_refused"]
    fieldsets = [
        (None, {"fields": ["channel", "value", ("state", "checked_on"), "source"]}),
        (_("For post"), {"fields": ["latin_value", "country"], "classes": ["collapse"]}),
        (
            _("Restrictions and hours"),
            {"fields": ["restriction", ("route", "route_target"), "most_characters", "label", "hours"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactDetail]:
        return super().get_queryset(request).prefetch_related("targets")

    @admin.display(description=_("address or number"), ordering="value")
    def value_shown(self, contact: ContactDetail) -> str:
        return contact.value or str(_("(not known)"))

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, contact: ContactDetail) -> str:
        return badge(LOOK[ContactState(contact.state)], contact.get_state_display())

    @admin.display(description=_("offices"))
    def offices(self, contact: ContactDetail) -> str:
        return "; ".join(map(str, contact.targets.all()))

    @admin.action(description=_("Mark as checked today: works"), permissions=["change"])
    def mark_checked(self, request: HttpRequest, contacts: QuerySet[ContactDetail]) -> None:
        known = contacts.exclude(value="")
        self.mark(request, known, state=ContactState.OK, checked_on=timezone.localdate())

    @admin.action(description=_("Mark as not to be used"), permissions=["change"])
    def mark_refused(self, request: HttpRequest, contacts: QuerySet[ContactDetail]) -> None:
        self.mark(request, contacts, state=ContactState.REFUSED, checked_on=timezone.localdate())

    def mark(self, request: HttpRequest, contacts: QuerySet[ContactDetail], **columns: Any) -> None:
        """Write `columns`, with a line in the history of each address."""
        changed = list(contacts)
        contacts.update(**columns)
        for contact in changed:
            self.log_change(request, contact, [{"changed": {"fields": [str(_("state"))]}}])
        self.message_user(
            request, ngettext("%d address changed.", "%d addresses changed.", len(changed)) % len(changed)
        )


class PlainAdmin(DeskAdmin):
    search_fields = ["slug", *in_languages("name")]


@admin.register(Tag)
class TagAdmin(PlainAdmin):
    list_display = ["__str__", "slug", "used_in"]
    fields = ["name", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        tags: QuerySet[Tag] = super().get_queryset(request).annotate(campaigns_count=Count("campaigns"))
        return tags

    @admin.display(description=_("campaigns"), ordering="campaigns_count")
    def used_in(self, tag: Tag) -> int:
        return int(getattr(tag, "campaigns_count", 0))


@admin.register(Organisation)
class OrganisationAdmin(PlainAdmin):
    list_display = ["__str__", "slug", "country", "url"]
    list_filter = ["country", "campaigns__role"]
    fields = ["name", "slug", "country", "url", "email", "description"]


@admin.register(PostalNotice)
class PostalNoticeAdmin(DeskAdmin):
    list_display = ["to_country", "from_country", "works", "checked_on"]
    list_filter = ["suspended", "to_country"]
    search_fields = ["to_country", *in_languages("text")]
    fields = [("to_country", "from_country"), "suspended", "text", ("source", "checked_on")]

    @admin.display(description=_("post"))
    def works(self, notice: PostalNotice) -> str:
        return badge("bad", _("suspended")) if notice.suspended else badge("warn", _("goes, with a notice"))
