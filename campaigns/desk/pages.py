"""Parts of a campaign that have rows of their own, and this site's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaigns.desk.campaign import EVENT, LETTER, OFFICE, UPDATE
from campaigns.desk.parts import PartAdmin
from campaigns.models import CampaignTarget, Event, EventPlace, LetterPoint, ModelLetter, SiteIdentity, Update
from prisoners.fields.admin import DeskAdmin, DeskStacked, DeskTabular, badge, in_languages


class PointInline(DeskStacked):
    model = LetterPoint
    fields = [("position", "locked"), "text"]
    classes = []


@admin.register(ModelLetter)
class ModelLetterAdmin(PartAdmin):
    list_display = ["__str__", "campaign", "kind", "availability", "languages_shown"]
    list_filter = ["kind", "availability", "campaign"]
    search_fields = ["key", "campaign__slug", *in_languages("subject", "body")]
    fields = ["campaign", *LETTER]
    inlines = [PointInline]

    @admin.display(description=_("languages"))
    def languages_shown(self, letter: ModelLetter) -> str:
        return ", ".join(letter.body or letter.subject)


@admin.register(CampaignTarget)
class CampaignTargetAdmin(PartAdmin):
    list_display = ["__str__", "campaign", "level", "flow"]
    list_filter = ["level", "paused", "campaign"]
    list_select_related = ["campaign", "target"]
    search_fields = ["key", "campaign__slug", "target__slug", *in_languages("target__name")]
    autocomplete_fields = ["campaign", "target"]
    fields = ["campaign", *OFFICE]

    @admin.display(description=_("state"), ordering="paused")
    def flow(self, office: CampaignTarget) -> str:
        return badge("warn", _("paused")) if office.paused else badge("ok", _("runs"))


class PlaceInline(DeskTabular):
    model = EventPlace
    fields = ["city", "country", "note", "position"]
    classes = []


@admin.register(Event)
class EventAdmin(PartAdmin):
    list_display = ["__str__", "campaign", "date", "starts_at"]
    date_hierarchy = "date_start"
    search_fields = ["campaign__slug", *in_languages("name", "places__city")]
    fields = ["campaign", *EVENT]
    inlines = [PlaceInline]


@admin.register(Update)
class UpdateAdmin(PartAdmin):
    list_display = ["__str__", "campaign", "date", "published_at"]
    date_hierarchy = "published_at"
    search_fields = ["slug", "campaign__slug", *in_languages("title", "text")]
    fields = ["campaign", *UPDATE, "by_mail"]
    readonly_fields = ["by_mail"]

    @admin.display(description=_("by mail"))
    def by_mail(self, update: Update) -> str:
        if not update.pk:
            return str(_("Once it is saved, you can mail it to those who asked for news."))
        address = reverse("admin:letters_mailing_of", args=[update.pk])
        return format_html('<a href="{}">{}</a>', address, _("See it as a mail, and let it go to subscribers"))


@admin.register(SiteIdentity)
class SiteIdentityAdmin(DeskAdmin):
    """One row: it can be added once and never deleted."""

    fields = ["name", "purpose", "contact_email", "privacy_email", "postal_address", "safety", "privacy", "source_url"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SiteIdentity.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SiteIdentity, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.pk = 1
        super().save_model(request, obj, form, change)
