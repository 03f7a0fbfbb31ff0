"""A campaign's page, in the order in which an organiser fills it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from campaigns.desk.ending import CanEnd
from campaigns.desk.parts import CampaignStacked, CampaignTabular, OfCampaign
from campaigns.desk.publishing import Publishes
from campaigns.desk.readiness import problems
from campaigns.desk.series import next_campaign
from campaigns.models import (
    Ask,
    Campaign,
    CampaignOrganisation,
    CampaignState,
    CampaignTarget,
    CopyAddress,
    Demand,
    Endorsement,
    Event,
    ModelLetter,
    Rebuttal,
    Reference,
    ReportedFigure,
    Resource,
    Update,
)
from prisoners.fields.admin import Fields, InUseFilter, badge, in_languages

LOOK = {
    CampaignState.DRAFT: "plain",
    CampaignState.SCHEDULED: "warn",
    CampaignState.OPEN: "ok",
    CampaignState.PAUSED: "warn",
    CampaignState.WITHDRAWN: "bad",
}

OFFICE: Fields = [
    ("target", "mission_of"),
    ("key", "position"),
    ("level", "rule"),
    "channels",
    "salutation",
    "address_form",
    "languages",
    "audience",
    "why",
    "paused",
]
EVENT: Fields = ["name", "position", "date", "starts_at", "description", "report", "organiser", "safety_note"]
LETTER: Fields = [
    ("key", "position"),
    ("kind", "availability"),
    "url",
    "note",
    "offices",
    "audience",
    "subject",
    "opening",
    "body",
    "closing",
]
UPDATE: Fields = ["title", "slug", "text", "date", "published_at"]


class ReferenceInline(CampaignTabular):
    model = Reference
    fields = ["scheme", "number", "position"]


class OrganisationInline(CampaignTabular):
    model = CampaignOrganisation
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "role", "position", "note"]


class OfficeInline(CampaignStacked):
    model = CampaignTarget
    autocomplete_fields = ["target"]
    fields = OFFICE
    verbose_name_plural = _("offices to write to")


class LetterInline(CampaignStacked):
    model = ModelLetter
    fields = LETTER
    show_change_link = True
    verbose_name_plural = _("model letters (their points are on their own pages)")


class DemandInline(CampaignStacked):
    model = Demand
    fields = ["position", "text", "offices"]


class AskInline(CampaignStacked):
    model = Ask
    fields = [("kind", "position"), "text", "for_whom", "audience", "when", "recurrence", "url"]


class CopyInline(CampaignTabular):
    model = CopyAddress
    fields = ["name", "email", "position"]


class RebuttalInline(CampaignStacked):
    model = Rebuttal
    fields = ["position", "claim", "said_by", "answer"]


class ResourceInline(CampaignTabular):
    model = Resource
    fields = ["kind", "title", "url", "credit", "position"]


class FigureInline(CampaignStacked):
    model = ReportedFigure
    fields = [("number", "qualifier", "position"), "what", "counted_by", "as_of"]


class EndorsementInline(CampaignStacked):
    model = Endorsement
    autocomplete_fields = ["person", "organisation"]
    fields = [("kind", "position"), ("person", "organisation"), "role", "statement"]


class EventInline(CampaignStacked):
    model = Event
    fields = EVENT
    show_change_link = True
    verbose_name_plural = _("events (their places are on their own pages)")


class UpdateInline(CampaignStacked):
    model = Update
    fields = UPDATE


class NextForm(forms.Form):
    """The address of the next campaign."""

    slug = forms.SlugField(label=_("slug"), max_length=80, help_text=_("The last part of the address of its page."))

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Campaign.objects.filter(slug=slug).exists():
            raise ValidationError(_("There is such a campaign already."), code="taken")
        return slug


class ResponsibleStateFilter(InUseFilter):
    """The states that answer for the cases; by its field's name it would be a second "state" beside the campaign's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("responsible state")


@admin.register(Campaign)
class CampaignAdmin(Publishes, OfCampaign, CanEnd):
    list_display = ["__str__", "state_shown", "kind", "offices_shown", "act_by", "closes_on", "languages_shown"]
    list_filter = [
        "state",
        "kind",
        "tags",
        ("cases__responsible_states__country", ResponsibleStateFilter),
        "closes_on",
    ]
    date_hierarchy = "created_at"
    search_fields = ["slug", "references__number", "cases__members__person__search_text", *in_languages("title")]
    autocomplete_fields = ["cases", "tags", "follows"]
    filter_horizontal = ["editors"]
    inlines = [
        ReferenceInline,
        OrganisationInline,
        OfficeInline,
        LetterInline,
        DemandInline,
        AskInline,
        CopyInline,
        UpdateInline,
        EventInline,
        EndorsementInline,
        RebuttalInline,
        ResourceInline,
        FigureInline,
    ]
    readonly_fields = ["readiness"]
    change_form_template = "admin/campaigns/campaign/change_form.html"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "readiness",
                    "all_the_same",
                    "title",
                    "slug",
                    ("kind", "state"),
                    "cases",
                    "summary",
                    "story",
                    "urgency",
                ]
            },
        ),
        (
            _("Dates"),
            {"fields": ["issued", ("opens_at", "act_by", "closes_on"), "end_condition", ("facts_as_of", "review_on")]},
        ),
        (_("For those who write"), {"fields": ["writing_advice", "safety_note", "delivery_note"]}),
        (
            _("Series, themes, language"),
            {"fields": ["follows", "follows_text", "tags", "language", "translation_note"], "classes": ["collapse"]},
        ),
        (
            _("When facts change"),
            {
                "fields": ["facts_version"],
                "classes": ["collapse"],
                "description": _("Letters that wait are held when this number rises, until somebody decides."),
            },
        ),
        (_("How it ended"), {"fields": ["outcome", "ended_on", "thanks"], "classes": ["collapse"]}),
        (
            _("Who may change it"),
            {
                "fields": ["editors"],
                "classes": ["collapse"],
                "description": _("Nobody here: every organiser. Somebody here: only they, and administrators."),
            },
        ),
    ]

    def get_urls(self) -> list[Any]:
        follow = self.admin_site.admin_view(self.follow)
        return [path("<int:pk>/next/", follow, name="campaigns_campaign_next"), *super().get_urls()]

    def follow(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the address of the next campaign of the series, and make it."""
        campaign = get_object_or_404(Campaign, pk=pk)
        if not (self.has_add_permission(request) and self.has_change_permission(request, campaign)):
            raise PermissionDenied
        form = NextForm(request.POST or None, initial={"slug": f"{campaign.slug}-2"})
        if form.is_valid():
            draft = next_campaign(campaign, form.cleaned_data["slug"])
            self.log_addition(request, draft, [{"added": {}}])
            return redirect("admin:campaigns_campaign_change", draft.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Start the next campaign"),
            "original": campaign,
            "form": form,
        }
        return render(request, "admin/campaigns/campaign/next.html", context)

    @admin.display(description=_("Is it ready"))
    def readiness(self, campaign: Campaign) -> str:
        if not Campaign.objects.filter(pk=campaign.pk).exists():
            return str(_("Once it is saved, this says what is still missing."))
        found = [(badge(problem.kind, problem.text),) for problem in problems(campaign)]
        return format_html_join("", "<p>{}</p>", found) or badge("ok", _("Nothing is missing."))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).prefetch_related("targets")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "editors":
            kwargs["queryset"] = db_field.related_model.objects.filter(is_staff=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, campaign: Campaign) -> str:
        return badge(LOOK.get(CampaignState(campaign.state), "plain"), campaign.get_state_display())

    @admin.display(description=_("offices"))
    def offices_shown(self, campaign: Campaign) -> int:
        return len(campaign.targets.all())

    @admin.display(description=_("languages"))
    def languages_shown(self, campaign: Campaign) -> str:
        return ", ".join(campaign.title)
