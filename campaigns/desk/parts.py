"""What all pages of a campaign share: who may change them, and choices that stay inside the campaign."""

from __future__ import annotations

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.text import capfirst

from campaigns.desk.roles import editable_campaigns, may_edit
from campaigns.models import Campaign, CampaignTarget, Channel
from prisoners.fields.admin import DeskAdmin, DeskStacked, DeskTabular, OurFields
from prisoners.fields.codes import OrderField


def campaign_in(obj: Any) -> Campaign | None:
    """The campaign that `obj` is, or is a part of."""
    return obj if isinstance(obj, Campaign) else getattr(obj, "campaign", None)


class OfCampaign(OurFields):
    """Offices to choose from are the campaign's own; channels come in an order."""

    def campaign_here(self, request: HttpRequest) -> Any:
        """The key of the campaign whose page this is."""
        return request.resolver_match.kwargs.get("object_id") if request.resolver_match else None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "channels":
            return OrderField(
                choices=Channel.choices,
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is CampaignTarget:
            kwargs["queryset"] = self.offices_here(request)
        elif db_field.related_model is Campaign and db_field.name == "campaign":
            kwargs["queryset"] = editable_campaigns(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is CampaignTarget:
            kwargs |= {"queryset": self.offices_here(request), "widget": CheckboxSelectMultiple()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def offices_here(self, request: HttpRequest) -> Any:
        """The offices of this page's campaign."""
        return CampaignTarget.objects.filter(campaign=self.campaign_here(request)).select_related("target")


class CampaignTabular(OfCampaign, DeskTabular):
    """Rows of a campaign that fit in a line."""


class CampaignStacked(OfCampaign, DeskStacked):
    """Rows of a campaign that need room."""


class ByEditors(DeskAdmin):
    """Pages that only those may change who may change the campaign."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.is_editor(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.is_editor(request, obj)

    def is_editor(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the campaign of `obj` is open to the user; pages without a row are."""
        campaign = campaign_in(obj)
        return campaign is None or may_edit(request.user, campaign)


class PartAdmin(OfCampaign, ByEditors):
    """A part of a campaign with a page of its own, because it has rows itself. It never moves to another campaign."""

    autocomplete_fields = ["campaign"]
    list_filter = ["campaign"]
    list_select_related = ["campaign"]

    def campaign_here(self, request: HttpRequest) -> Any:
        part = super().campaign_here(request)
        return self.model.objects.filter(pk=part).values_list("campaign", flat=True).first() if part else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        return given if obj is None else [*given, "campaign"]
