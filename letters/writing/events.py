"""Events from the public: the forms, and what a moderator's yes makes of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Campaign, Event, ReportedFigure
from letters.models import Proposal
from letters.writing.drafts import Stamp
from letters.writing.fields import LineField, TextField
from letters.writing.forms import HONEYPOT
from prisoners.fields import FuzzyDate, Precision, Translated

PEOPLE_AT_MOST = 10_000_000
LATEST = dt.timedelta(days=2 * 366)


class EventForm(forms.Form):
    """What both forms share: free text, a contact that is shown to nobody, and the field for programs."""

    use_required_attribute = False
    text = TextField(widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))
    contact = LineField(
        label=_("Whom may we ask?"),
        help_text=_("An email or a phone number, for questions only. It is shown to nobody else."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields[HONEYPOT] = forms.CharField(label=_("Leave this empty"), required=False)

    def clean_website(self) -> str:
        if self.cleaned_data[HONEYPOT]:
            raise ValidationError(_("Leave this field empty. It is there to stop programs that fill in everything."))
        return ""

    def columns(self) -> dict[str, Any]:
        """What was answered, by column."""
        return {name: value for name, value in self.cleaned_data.items() if name != HONEYPOT}


class PlannedForm(EventForm):
    """An event that is to come."""

    name = LineField(
        label=_("What is it called?"),
        max_length=120,
        error_messages={"required": _("Give it a name, for example: Vigil for Vera Example.")},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    day = forms.DateField(
        label=_("On which day?"),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter a day like 2026-03-14.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hour = forms.TimeField(
        label=_("At what time?"),
        help_text=_("In the time of the place."),
        required=False,
        error_messages={"invalid": _("Enter a time like 18:30.")},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    city = LineField(
        label=_("In which city?"),
        max_length=80,
        error_messages={"required": _("Enter the city.")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label=_("In which country?"),
        error_messages={"required": _("Choose the country."), "invalid_choice": _("Choose the country.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    organiser = LineField(
        label=_("Who organises it?"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization"}),
    )
    safety_note = LineField(
        label=_("Access and safety"),
        help_text=_("For example: step-free, bring no phone, faces are not photographed."),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].label = _("What is planned, and where exactly?")
        self.fields["text"].error_messages["required"] = _("Say what is planned, and where people meet.")
        country: forms.ChoiceField = self.fields["country"]  # type: ignore[assignment]  # declared above
        country.choices = [("", _("Choose a country")), *countries]

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        today = timezone.localdate()
        # Somebody west of the site's time zone may still be in yesterday.
        if day < today - dt.timedelta(days=1):
            raise ValidationError(_("This day is past. Report what happened on the page of the event instead."))
        if day > today + LATEST:
            raise ValidationError(_("This is more than two years away."))
        return day


class HappenedForm(EventForm):
    """What happened at an event."""

    number = forms.IntegerField(
        label=_("How many people came?"),
        help_text=_("As you counted or guessed. It is shown as your number, and not added to ours."),
        required=False,
        min_value=1,
        max_value=PEOPLE_AT_MOST,
        error_messages={"invalid": _("Enter a whole number.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].label = _("What happened?")
        self.fields["text"].help_text = _("Name nobody who could be endangered by it.")
        self.fields["text"].error_messages["required"] = _("Say what happened.")


def store(form: EventForm, campaign: Campaign, event: Event | None, stamp: Stamp) -> Proposal | None:
    """Store what was told, to wait for a moderator; None when this form brought it before."""
    facts = {"campaign": campaign, "event": event, "language": get_language() or "", "form_key": stamp.key}
    try:
        with transaction.atomic():
            return Proposal.objects.create(**form.columns(), **facts)
    except IntegrityError:
        return None


def accept(proposal: Proposal) -> Event | None:
    """Make a proposal public, once: as an event of its campaign, or as what happened on one. None: decided before."""
    waiting = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.WAITING)
    with transaction.atomic():
        if not waiting.update(state=Proposal.State.ACCEPTED):
            return None
        return _report(proposal, proposal.event) if proposal.event else _planned(proposal)


def refuse(proposal: Proposal) -> bool:
    """Put a proposal aside; False when it was decided before."""
    waiting = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.WAITING)
    return bool(waiting.update(state=Proposal.State.REJECTED))


def _planned(proposal: Proposal) -> Event:
    here = _in_language(proposal)
    event = Event(
        campaign=proposal.campaign,
        position=proposal.campaign.events.count(),
        name=here(proposal.name),
        description=here(_with_hour(proposal)),
        organiser=here(proposal.organiser),
        safety_note=here(proposal.safety_note),
    )
    event.date = FuzzyDate(Translated(), Precision.DAY, proposal.day, proposal.day)
    event.save()
    event.places.create(city=here(proposal.city), country=proposal.country)
    return event


def _with_hour(proposal: Proposal) -> str:
    """The description, with the hour as it was told: which time zone a city has, nobody typed."""
    return f"{proposal.hour:%H:%M}\n\n{proposal.text}" if proposal.hour else proposal.text


def _report(proposal: Proposal, event: Event) -> Event:
    """Add what somebody saw to the event's report, and their number to the campaign's figures from elsewhere."""
    told = event.report.get(proposal.language, "")
    event.report = {**event.report, proposal.language: "\n\n".join(filter(None, [told, proposal.text]))}
    event.save(update_fields=["report"])
    if proposal.number:
        figure = ReportedFigure(
            campaign=proposal.campaign,
            number=proposal.number,
            qualifier=ReportedFigure.Qualifier.ABOUT,
            what=_in_language(proposal)(str(event.name)),
            counted_by=_in_language(proposal)(str(_("somebody who was there"))),
        )
        figure.as_of = event.date
        figure.save()
    return event


def _in_language(proposal: Proposal) -> Any:
    return lambda text: Translated({proposal.language: text})
