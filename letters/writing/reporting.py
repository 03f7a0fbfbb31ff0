"""What a supporter did elsewhere and tells us: counted apart, never added to what we sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Campaign
from letters.models import ReportedAction
from letters.writing.drafts import Stamp
from letters.writing.fields import TextField

# After its end a campaign still takes reports, since letters that were posted in time are reported late.
DAYS_AFTER_END = dt.timedelta(days=14)
# More than this from one form waits for a moderator.
NUMBER_COUNTED_AT_ONCE = 10
NUMBER_AT_MOST = 100_000
DAYS_BACK = dt.timedelta(days=366)


class ReportForm(forms.Form):
    """No name and no email: what was done, for whom, when and how often."""

    way = forms.ChoiceField(
        label=_("What did you do?"),
        choices=ReportedAction.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you did."), "invalid_choice": _("Choose what you did.")},
    )
    office = forms.ChoiceField(label=_("Which office?"), required=False)
    done_on = forms.DateField(
        label=_("When?"),
        initial=timezone.localdate,
        error_messages={"required": _("Enter the day."), "invalid": _("Enter a day like 2026-03-14.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    number = forms.IntegerField(
        label=_("How many?"),
        help_text=_("Letters, calls or visits, for example of a whole meeting."),
        initial=1,
        min_value=1,
        max_value=NUMBER_AT_MOST,
        error_messages={"required": _("Enter how many."), "invalid": _("Enter a whole number.")},
    )
    note = TextField(
        label=_("What happened?"),
        help_text=_("Only the organisers read it. Leave out what could endanger anybody."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    country = forms.ChoiceField(
        label=_("Where?"), required=False, widget=forms.Select(attrs={"autocomplete": "country"})
    )

    def __init__(self, data: Any = None, *, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.offices = {entry.key: entry for entry in campaign.targets.select_related("target")}
        offices: forms.ChoiceField = self.fields["office"]  # type: ignore[assignment]  # declared above
        offices.choices = [("", _("Several, or another")), *((key, str(entry)) for key, entry in self.offices.items())]
        country: forms.ChoiceField = self.fields["country"]  # type: ignore[assignment]  # declared above
        country.choices = [("", _("I would rather not say")), *countries]

    def clean_done_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["done_on"]
        today = timezone.localdate()
        # Somebody east of the site's time zone may already be in tomorrow.
        if day > today + dt.timedelta(days=1):
            raise ValidationError(_("This day has not come yet."))
        if day < today - DAYS_BACK:
            raise ValidationError(_("This is more than a year ago. Write to us about it."))
        return min(day, today)


def takes_reports(campaign: Campaign) -> bool:
    """Whether a report is still taken: while the campaign has not ended, and two weeks longer."""
    if campaign.ended_on is None and campaign.closes_on is None:
        return True
    ends = [day for day in (campaign.ended_on, campaign.closes_on) if day]
    return timezone.localdate() <= min(ends) + DAYS_AFTER_END


def report(form: ReportForm, campaign: Campaign, stamp: Stamp) -> ReportedAction | None:
    """Store a valid report once a form; None when it was stored before."""
    answers = form.cleaned_data
    waits = answers["number"] > NUMBER_COUNTED_AT_ONCE
    try:
        with transaction.atomic():
            return ReportedAction.objects.create(
                campaign=campaign,
                office=form.offices.get(answers["office"]),
                way=answers["way"],
                state=ReportedAction.State.WAITING if waits else ReportedAction.State.COUNTED,
                number=answers["number"],
                done_on=answers["done_on"],
                country=answers["country"],
                note=answers["note"],
                form_key=stamp.key,
            )
    except IntegrityError:
        return None
