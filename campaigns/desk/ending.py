"""Closing a campaign as won: when, how it ended for each person, what the public reads, what becomes of what waits.

It writes rows of the campaign and of its cases and nothing else. Letters that wait look at the campaign's state: none
leaves from the same second on, and the next sweep cancels or holds them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.desk.parts import ByEditors
from campaigns.models import Campaign, CampaignState, Update
from prisoners.fields import FuzzyDate
from prisoners.fields.forms import TranslatedFormField
from prisoners.models import CaseMember, Custody, TimelineEntry

SALT = "campaigns.desk.ending"
UNDO_WITHIN = dt.timedelta(days=1)
OUTCOMES = (
    *(Custody.RELEASED, Custody.ACQUITTED, Custody.PARDONED, Custody.SERVED, Custody.EXCHANGED, Custody.BAIL),
    *(Custody.TRANSFERRED, Custody.DIED),
)
KINDS = {Custody.DIED: TimelineEntry.Kind.DEATH, Custody.TRANSFERRED: TimelineEntry.Kind.TRANSFER}
# What becomes of the letters, by what becomes of the campaign.
WAITING = {
    CampaignState.ENDED: gettext_lazy("Cancel them: the campaign ends. Their writers are told."),
    CampaignState.PAUSED: gettext_lazy("Hold them: the campaign is paused, until you end it or let it go on."),
}


class EndingForm(forms.Form):
    """How a campaign ended."""

    ended_on = forms.DateField(label=gettext_lazy("When"), widget=forms.DateInput(attrs={"type": "date"}))
    outcome = TranslatedFormField(
        label=gettext_lazy("What the public reads"),
        help_text=gettext_lazy("Two or three sober sentences: what happened, who is still inside, with whose help."),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Letters that wait"),
        choices=list(WAITING.items()),
        initial=CampaignState.ENDED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members_of(campaign))
        choices = [("", gettext_lazy("as before")), *((custody.value, custody.label) for custody in OUTCOMES)]
        for member in self.members:
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(label=str(member), choices=choices, required=False)

    def clean_ended_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."), code="future")
        return day

    def people(self) -> list[Any]:
        """The fields of the people, for the template."""
        return [self[f"member_{member.pk}"] for member in self.members]

    def outcomes(self) -> dict[tuple[int, Custody], list[CaseMember]]:
        """For whom it ended how, by case and outcome."""
        found: dict[tuple[int, Custody], list[CaseMember]] = {}
        for member in self.members:
            if chosen := self.cleaned_data[f"member_{member.pk}"]:
                found.setdefault((member.case_id, Custody(chosen)), []).append(member)
        return found


def members_of(campaign: Campaign) -> Any:
    """The people and groups for whom a campaign stands."""
    members = CaseMember.objects.filter(case__in=campaign.cases.all()).exclude(role=CaseMember.Role.OFFICIAL)
    return members.select_related("person").order_by("case", "position", "pk")


@dataclass
class Before:
    """What closing changed, so that it can be taken back."""

    state: str
    outcome: dict[str, str]
    ended_on: str
    entries: list[int] = field(default_factory=list)
    update: int = 0


@transaction.atomic
def close(campaign: Campaign, form: EndingForm) -> Before:
    """Write down how the campaign ended: state, outcome, a timeline entry for each kind of outcome, a draft of news."""
    before = Before(campaign.state, dict(campaign.outcome), str(campaign.ended_on or ""))
    day = form.cleaned_data["ended_on"]
    Campaign._meta.get_field("outcome").save_form_data(campaign, form.cleaned_data["outcome"])
    campaign.state, campaign.ended_on = form.cleaned_data["state"], day
    campaign.save(update_fields=["state", "outcome", "ended_on", "updated_at"])
    for (_case, custody), members in form.outcomes().items():
        before.entries.append(told(members, custody, day).pk)
    before.update = draft(campaign, day).pk
    return before


def told(members: Sequence[CaseMember], custody: Custody, day: dt.date) -> TimelineEntry:
    """The entry of the case's timeline that says how it ended for `members`."""
    case = members[0].case
    last = case.timeline.aggregate(last=Max("position"))["last"]
    entry = TimelineEntry(
        case=case,
        position=0 if last is None else last + 1,
        kind=KINDS.get(custody, TimelineEntry.Kind.RELEASE),
        text={code: in_words(members, custody, code) for code, _name in settings.LANGUAGES},
        custody=custody,
    )
    entry.date = FuzzyDate.parse(day.isoformat())
    entry.save()
    entry.members.set(members)
    return entry


def in_words(members: Sequence[CaseMember], custody: Custody, language: str) -> str:
    """Who, and how it ended for them, in one language: "Vera Example, Igor Example: released"."""
    names = [member.person.name if member.person else member.group.shown(language).text for member in members]
    with translation.override(language):
        together = gettext(", ").join(names)
        return f"{together}: {custody.label}"


def draft(campaign: Campaign, day: dt.date) -> Update:
    """News that nobody sees yet: an organiser reads it, publishes it and lets it go to subscribers."""
    slug = f"outcome-{day}"
    taken = campaign.updates.filter(slug__startswith=slug).count()
    titles = {}
    for language, title in campaign.title.items():
        with translation.override(language):
            titles[language] = gettext("How it ended: %(title)s") % {"title": title}
    news = Update(
        campaign=campaign,
        slug=f"{slug}-{taken + 1}" if taken else slug,
        title=titles,
        text=campaign.outcome,
    )
    news.date = FuzzyDate.parse(day.isoformat())
    news.save()
    return news


@transaction.atomic
def take_back(campaign: Campaign, before: Before) -> None:
    """Undo `close`: campaign, entries, and the draft unless it was published. Cancelled letters stay cancelled."""
    TimelineEntry.objects.filter(pk__in=before.entries, case__in=campaign.cases.all()).delete()
    campaign.updates.filter(pk=before.update, published_at__isnull=True).delete()
    campaign.state, campaign.outcome = before.state, before.outcome
    campaign.ended_on = dt.date.fromisoformat(before.ended_on) if before.ended_on else None
    campaign.save(update_fields=["state", "outcome", "ended_on", "updated_at"])


class CanEnd(ByEditors):
    """The pages on which a campaign is closed as won, and on which that is taken back."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/won/", view(self.won), name="campaigns_campaign_won"),
            path("<int:pk>/reopen/<str:token>/", view(self.reopen), name="campaigns_campaign_reopen"),
            *super().get_urls(),
        ]

    def campaign_to_end(self, request: HttpRequest, pk: int) -> Campaign:
        """The campaign, if the user may end it.

        Raises:
            PermissionDenied: the user may not change it, or may not write into its cases.
        """
        campaign = get_object_or_404(Campaign, pk=pk)
        may_tell = self.may_add(request) and request.user.has_perm("prisoners.add_timelineentry")
        if not (may_tell and self.has_change_permission(request, campaign)):
            raise PermissionDenied
        return campaign

    def won(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask how it ended, show what waits, and close."""
        campaign = self.campaign_to_end(request, pk)
        if campaign.state not in (CampaignState.OPEN, CampaignState.PAUSED, CampaignState.SCHEDULED):
            messages.warning(request, _("This campaign is not open: it cannot be closed."))
            return redirect("admin:campaigns_campaign_change", pk)
        initial = {"ended_on": timezone.localdate(), "outcome": campaign.outcome}
        form = EndingForm(request.POST or None, campaign=campaign, initial=initial)
        if form.is_valid():
            before = close(campaign, form)
            self.log_change(request, campaign, gettext("Closed as won."))
            messages.success(request, self.what_now(campaign, before))
            return redirect("admin:campaigns_update_change", before.update)
        return render(request, "admin/campaigns/campaign/won.html", self.page_of(request, campaign, form=form))

    def what_now(self, campaign: Campaign, before: Before) -> str:
        """Say what was done, and where to undo it."""
        undo = reverse("admin:campaigns_campaign_reopen", args=[campaign.pk, signing.dumps(asdict(before), salt=SALT)])
        said = _(
            "The campaign is closed. This is the draft of the news: read it, publish it, let it go to subscribers."
        )
        return format_html('{} <a href="{}">{}</a>', said, undo, _("Undo: open it again"))

    def reopen(self, request: HttpRequest, pk: int, token: str) -> HttpResponse:
        """Ask once more, then take the closing back."""
        campaign = self.campaign_to_end(request, pk)
        try:
            before = Before(**signing.loads(token, salt=SALT, max_age=UNDO_WITHIN))
        except signing.BadSignature:
            messages.warning(request, _("This can only be undone within a day. Change the campaign’s state instead."))
            return redirect("admin:campaigns_campaign_change", pk)
        if request.method == "POST":
            take_back(campaign, before)
            self.log_change(request, campaign, gettext("Opened again."))
            messages.success(request, _("The campaign is as it was. Letters that were cancelled meanwhile stay so."))
            return redirect("admin:campaigns_campaign_change", pk)
        return render(request, "admin/campaigns/campaign/reopen.html", self.page_of(request, campaign, before=before))

    def page_of(self, request: HttpRequest, campaign: Campaign, **more: Any) -> dict[str, Any]:
        """The context of a page of `campaign`."""
        title = _("Close as won") if "form" in more else _("Open it again")
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "original": campaign,
            "opts": self.opts,
            **more,
        }
