"""Publishing a campaign: what is red on its list keeps it back, unless an organiser says why not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.desk.readiness import problems
from campaigns.models import Campaign, CampaignState
from prisoners.fields.admin import DeskAdmin
from prisoners.fields.date_forms import ModelForm

PUBLIC = (CampaignState.OPEN, CampaignState.SCHEDULED)


class PublishForm(ModelForm):
    """A campaign, and why it is published although something on its list is red."""

    all_the_same = forms.CharField(
        label=gettext_lazy("Publish all the same, because"),
        help_text=gettext_lazy("Only where something above is red. Your reason stands in the history of the campaign."),
        required=False,
        max_length=200,
    )


class Publishes(DeskAdmin):
    """Keeps a campaign as it was when it would be published with something red; all that was typed is saved."""

    form = PublishForm

    @admin.display(description=gettext_lazy("Publish all the same, because"))
    def all_the_same(self, _campaign: Campaign) -> str:
        """What stands there for whoever may not publish."""
        return ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        campaign: Campaign = form.instance
        before = form.initial.get("state") or CampaignState.DRAFT
        if campaign.state not in PUBLIC or before in PUBLIC:
            return
        red = [problem.text for problem in problems(campaign) if problem.kind == "bad"]
        if red and form.cleaned_data.get("all_the_same"):
            self.log_change(request, campaign, self.reason(form.cleaned_data["all_the_same"], red))
        elif red:
            self.keep_back(request, campaign, before, red)

    def reason(self, said: str, red: list[Any]) -> str:
        words = {"reason": said, "problems": " ".join(map(str, red))}
        return _("Published all the same: %(reason)s (%(problems)s)") % words

    def keep_back(self, request: HttpRequest, campaign: Campaign, before: str, red: list[Any]) -> None:
        """Save all but the new state, and say what is in the way."""
        campaign.state = before
        campaign.save(update_fields=["state"])
        told = _(
            "Saved, but not published yet. Put this right, or say below the list why it is published all the same:"
        )
        messages.error(request, format_html("{} {}", told, " ".join(map(str, red))))
