"""The forms of subscribers: what they want news about, how often, in which language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Campaign
from campaigns.people import public_people, published_cases
from letters.models import Pace, Subscription
from letters.subscribing import topics
from letters.writing.forms import HONEYPOT, own_address
from prisoners.models import ResponsibleState


def subjects(query: QueryDict) -> list[str]:
    """The topics that the page was opened for: `?campaign=<slug>` or `?person=<slug>`."""
    campaigns = Campaign.objects.published().filter(slug=query.get("campaign", ""))
    people = public_people().filter(slug=query.get("person", ""))
    return [*map(topics.of_campaign, campaigns), *map(topics.of_person, people)]


class TopicsForm(forms.Form):
    """What about, and how often."""

    use_required_attribute = False
    topics = forms.MultipleChoiceField(
        label=_("News about"),
        help_text=_("At least one of these, or a country."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these is not there any more. Look at your choice again.")},
    )
    country = forms.ChoiceField(
        label=_("And all that concerns people held by"),
        required=False,
        error_messages={"invalid_choice": _("Choose a country from the list.")},
    )
    pace = forms.ChoiceField(
        label=_("How often?"),
        choices=[(Pace.AT_ONCE, _("At once, whenever there is news")), (Pace.WEEKLY, _("Once a week, on Monday"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how often."), "invalid_choice": _("Say how often.")},
    )

    def __init__(self, data: Any, *, offered: dict[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        boxes: forms.MultipleChoiceField = self.fields["topics"]  # type: ignore[assignment]  # declared above
        boxes.choices = list(offered.items())
        states = set(ResponsibleState.objects.filter(case__in=published_cases()).values_list("country", flat=True))
        country: forms.ChoiceField = self.fields["country"]  # type: ignore[assignment]  # declared above
        country.choices = [("", _("No country")), *((code, name) for code, name in countries if code in states)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.wanted():
            raise ValidationError(self.nothing)
        return cleaned

    nothing = _("Choose what you want news about.")

    def wanted(self) -> list[str]:
        """The topics that were chosen, a country among them."""
        country = self.cleaned_data["country"]
        return [*self.cleaned_data["topics"], *([topics.of_country(country)] if country else [])]


class SubscribeForm(TopicsForm):
    """The same with the mailbox, for somebody who is not subscribed yet, or is: nobody can tell."""

    email = own_address(_("We mail you a link. Nothing is stored before you open it and press the button there."))

    def __init__(self, data: Any, *, query: QueryDict) -> None:
        here = subjects(query)
        initial = {"topics": here or [topics.ALL], "pace": Pace.WEEKLY, "country": query.get("country", "")}
        super().__init__(data, offered=topics.named([*here, topics.ALL]), initial=initial)
        self.fields[HONEYPOT] = forms.CharField(label=_("Leave this empty"), required=False)

    def clean_website(self) -> str:
        if self.cleaned_data[HONEYPOT]:
            raise ValidationError(_("Leave this field empty. It is there to stop programs that fill in everything."))
        return ""


class ManageForm(TopicsForm):
    """What a subscriber has, to be changed."""

    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )
    nothing = _("Leave at least one, or unsubscribe from everything below.")

    def __init__(self, data: Any, subscription: Subscription) -> None:
        offered = topics.named([*subscription.topics.split(), topics.ALL])
        initial = {
            "topics": [topic for topic in subscription.topics.split() if topic in offered],
            "pace": subscription.pace,
            "language": subscription.language,
        }
        super().__init__(data, offered=offered, initial=initial)
