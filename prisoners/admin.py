"""People, prisons and cases as organisers keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prisoners.fields.admin import DeskAdmin, DeskStacked, DeskTabular, Fields, badge, in_languages
from prisoners.models import (
    Case,
    CaseMember,
    Charge,
    MailRules,
    Person,
    PersonName,
    PersonRole,
    Prison,
    PrisonerAddress,
    ResponsibleState,
    Sentence,
    TimelineEntry,
    present_custody,
)


class NameInline(DeskTabular):
    model = PersonName
    fields = ["text", "kind", "language", "note"]


class RoleInline(DeskStacked):
    model = PersonRole
    fields = ["position", "title", "organisation", "period"]


ADDRESS: Fields = [
    ("kind", "prison"),
    ("envelope_name", "prisoner_number"),
    ("lines", "latin_lines"),
    "country",
    "period",
    "withdrawn",
    ("source", "checked_on"),
]


class AddressInline(DeskStacked):
    model = PrisonerAddress
    autocomplete_fields = ["prison"]
    show_change_link = True
    fields = ADDRESS


@admin.register(Person)
class PersonAdmin(DeskAdmin):
    list_display = ["name", "slug", "occupation_shown", "photo_state"]
    list_filter = ["memberships__role", ("addresses__prison", admin.RelatedOnlyFieldListFilter), "photo_use"]
    search_fields = ["search_text"]
    search_help_text = _("Any spelling, in any script.")
    prepopulated_fields = {"slug": ["name"]}
    inlines = [NameInline, RoleInline, AddressInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "occupation", "nationality", "born", "biography", "health"]}),
        (
            _("Photo"),
            {
                "fields": ["photo", "photo_alt", "photo_credit", "photo_consent", "photo_use", "photo_until"],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        return queryset & Person.objects.matching(search_term), False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        form.instance.refresh_search_text()

    @admin.display(description=_("occupation"))
    def occupation_shown(self, person: Person) -> str:
        return str(person.occupation)

    @admin.display(description=_("photo"))
    def photo_state(self, person: Person) -> str:
        if person.is_photo_withheld:
            return badge("warn", _("withheld for safety"))
        if person.photo and not person.has_photo_on_show:
            return badge("warn", _("no longer shown"))
        return badge("ok", _("with consent")) if person.photo else str(_("none"))


RULES: Fields = [
    "languages",
    "write_about",
    "avoid",
    ("name_organisation", "return_address"),
    "note",
    ("source", "checked_on"),
]


class PrisonRulesInline(DeskStacked):
    model = MailRules
    fk_name = "prison"
    fields = RULES


class AddressRulesInline(PrisonRulesInline):
    fk_name = "address"


@admin.register(Prison)
class PrisonAdmin(DeskAdmin):
    list_display = ["__str__", "slug", "country", "checked_on"]
    list_filter = ["country"]
    search_fields = ["slug", *in_languages("name", "place")]
    fields = ["slug", "name", "place", "country", "source", "checked_on"]
    inlines = [PrisonRulesInline]


@admin.register(PrisonerAddress)
class PrisonerAddressAdmin(DeskAdmin):
    list_display = ["person", "kind", "prison", "country", "in_use", "checked_on"]
    list_filter = ["kind", "withdrawn", "country"]
    list_select_related = ["person", "prison"]
    date_hierarchy = "checked_on"
    search_fields = ["person__search_text", "envelope_name", "prisoner_number", "lines"]
    autocomplete_fields = ["person", "prison"]
    fields = ["person", *ADDRESS]
    inlines = [AddressRulesInline]

    @admin.display(description=_("state"))
    def in_use(self, address: PrisonerAddress) -> str:
        return badge("warn", _("do not use")) if address.withdrawn else badge("ok", _("in use"))


@admin.register(MailRules)
class MailRulesAdmin(DeskAdmin):
    list_display = ["__str__", "country", "return_address", "checked_on"]
    list_filter = ["return_address", "country"]
    search_fields = ["address__person__search_text", "prison__slug", "country", *in_languages("prison__name")]
    autocomplete_fields = ["address", "prison"]
    fieldsets = [
        (_("For one of these"), {"fields": ["address", "prison", "country"]}),
        (None, {"fields": RULES}),
    ]


class OfThisCase:
    """Rows that point at members of their case offer these and no others."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is CaseMember:
            case = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = CaseMember.objects.filter(case=case).select_related("person")
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # the admin's


class StateInline(DeskTabular):
    model = ResponsibleState
    classes = []


MEMBER: Fields = [
    ("person", "role"),
    ("key", "position"),
    "role_in_case",
    "description",
    "risk",
    ("custody", "prison"),
    "custody_note",
    ("age", "age_as_of"),
    "group",
    ("group_count", "group_qualifier", "group_includes_named"),
    "group_counted",
]


class MemberInline(DeskStacked):
    model = CaseMember
    autocomplete_fields = ["person", "prison"]
    show_change_link = True
    fields = MEMBER


class ChargeInline(OfThisCase, DeskStacked):
    model = Charge
    fields = ["position", "text", "law", "assessment", "date", "members", "source"]


class TimelineInline(OfThisCase, DeskStacked):
    model = TimelineEntry
    fields = [
        ("position", "kind"),
        "date",
        "text",
        "court",
        "place",
        "members",
        "custody",
        "custody_until",
        ("direction", "registry_number", "answer"),
        ("source", "source_url"),
    ]


@admin.register(Case)
class CaseAdmin(DeskAdmin):
    list_display = ["__str__", "slug", "states", "people", "as_of", "checked_on"]
    list_filter = ["responsible_states__country", "members__role"]
    date_hierarchy = "checked_on"
    search_fields = ["slug", "members__person__search_text", *in_languages("title", "employer", "places")]
    inlines = [StateInline, MemberInline, ChargeInline, TimelineInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "places", "status_label", "employer"]}),
        (_("How fresh"), {"fields": [("as_of", "checked_on")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return super().get_queryset(request).prefetch_related("responsible_states", "members__person")

    @admin.display(description=_("responsible states"))
    def states(self, case: Case) -> str:
        return ", ".join(map(str, case.responsible_states.all()))

    @admin.display(description=_("people and groups"))
    def people(self, case: Case) -> str:
        return ", ".join(map(str, case.members.all()))


class SentenceInline(DeskStacked):
    model = Sentence
    fields = [("position", "kind"), ("shortest", "longest", "unit"), "text", "court", "date"]
    classes = []


@admin.register(CaseMember)
class CaseMemberAdmin(DeskAdmin):
    list_display = ["__str__", "case", "role", "custody_now"]
    list_filter = ["role", "custody", ("case", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["person", "case"]
    search_fields = ["key", "person__search_text", "case__slug", *in_languages("group")]
    autocomplete_fields = ["case", "person", "prison"]
    fields = ["case", *MEMBER]
    inlines = [SentenceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseMember]:
        timeline = models.Prefetch("case__timeline", TimelineEntry.objects.prefetch_related("members"))
        return super().get_queryset(request).prefetch_related(timeline)

    @admin.display(description=_("custody now"))
    def custody_now(self, member: CaseMember) -> str:
        state = present_custody(member, member.case.timeline.all())
        if state is None:
            return ""
        return badge("bad" if state.is_held else "ok" if state.is_free else "warn", state.label)
