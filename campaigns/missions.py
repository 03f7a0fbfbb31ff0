"""The embassy finder: whose mission, for people where."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.directory.reach import DIRECTORY
from campaigns.models import Target


class MissionForm(forms.Form):
    """Two selects; sent by GET, so that an answer can be shared."""

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, auto_id="find-%s", use_required_attribute=False)
        states = set(all_missions().order_by().values_list("country", flat=True).distinct())
        named = [(code, name) for code, name in countries if code in states]
        # What was not chosen yet is no error.
        self.fields["of"] = forms.ChoiceField(
            label=_("Whose embassy?"), choices=[("", _("Choose a state")), *named], required=False
        )
        self.fields["near"] = forms.ChoiceField(
            label=_("Where are you?"), choices=[("", _("Choose a country")), *countries], required=False
        )

    @property
    def is_answered(self) -> bool:
        """Whether both questions were answered with a state and a country that we know."""
        return self.is_valid() and all(self.cleaned_data.values())

    def missions(self) -> list[Target]:
        """The missions that serve people there, those in the country itself first."""
        of, near = self.cleaned_data["of"], self.cleaned_data["near"]
        reachable = all_missions().filter(Q(host_country=near) | Q(covers__country=near), country=of)
        found = reachable.distinct().prefetch_related(*DIRECTORY)
        return sorted(found, key=lambda mission: (str(mission.host_country) != near, mission.pk))


def known_missions(states: Iterable[str]) -> QuerySet[Target]:
    """The missions of `states` where the directory knows who is in office: those that a campaign's text names."""
    held = all_missions().filter(country__in=list(states), holders__until__isnull=True, holders__isnull=False)
    return held.distinct().prefetch_related(*DIRECTORY)


def all_missions() -> QuerySet[Target]:
    return Target.objects.filter(kind=Target.Kind.MISSION)
