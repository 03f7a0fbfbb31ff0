"""The style page of developers: every component with words of real campaigns. Only where DEBUG is on."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class SampleForm(forms.Form):
    """One field of each kind; sent empty, it shows its errors."""

    name = forms.CharField(label="Full name", help_text="As it will stand below your letter.", max_length=80)
    email = forms.EmailField(
        label="Email", help_text="To confirm that it is you. The office does not see it.", max_length=254
    )
    city = forms.CharField(label="Town", required=False)
    why = forms.CharField(
        label="Why are you writing? One or two sentences",
        help_text="For example: who you are, where you live, why this matters to you.",
        widget=forms.Textarea,
    )
    how = forms.ChoiceField(
        label="What did you do?",
        choices=[("post", "Posted a letter"), ("phone", "Called the office"), ("visit", "Went there")],
        widget=forms.RadioSelect,
    )
    updates = forms.BooleanField(
        label="Tell me what becomes of this case", help_text="At most once a week.", required=False
    )


COUNTRIES = [("United Kingdom", 412), ("Germany", 288), ("Türkiye", 131), ("Kazakhstan", 57), ("Other countries", 39)]
SIX = [
    ("Refat Alimov", "8 years"),
    ("Muslim Aliev", "19 years"),
    ("Enver Bekirov", "18 years"),
    ("Arsen Dzhepparov", "7 years"),
    ("Emir-Usein Kuku", "12 years"),
    ("Vadim Siruk", "12 years"),
]


def style(request: HttpRequest) -> HttpResponse:
    """Show all components; `?errors` shows the form after an empty submit."""
    return render(request, "style.html", sample(with_errors="errors" in request.GET))


def sample(*, with_errors: bool) -> dict[str, Any]:
    largest = max(count for _, count in COUNTRIES)
    return {
        "form": SampleForm({}) if with_errors else SampleForm(),
        "six": SIX,
        "countries": [{"label": name, "count": n, "percent": 100 * n // largest} for name, n in COUNTRIES],
        "page_of_names": Paginator(range(300), 100).page(2),
        "trail": [("Write a letter", "/"), ("Russia", "/")],
    }
