"""The style pages of developers: every component, and whole pages, with words of real campaigns. Only with DEBUG on."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

PAGES = ("components", "home", "campaign", "write", "check", "embed")

COUNTRIES = [("United Kingdom", 412), ("Germany", 288), ("Türkiye", 131), ("Kazakhstan", 57), ("Other countries", 39)]
SIX = [
    ("Refat Alimov", "8 years"),
    ("Muslim Aliev", "19 years"),
    ("Enver Bekirov", "18 years"),
    ("Arsen Dzhepparov", "7 years"),
    ("Emir-Usein Kuku", "12 years"),
    ("Vadim Siruk", "12 years"),
]
OWN_WORDS = (
    "I teach history in Malmö, and half of my pupils have family who once had to leave their homes. "
    "I read about these six fathers with them."
)
FACTS = (
    "The six men, all Crimean residents, have not committed any crime, yet have already spent more than four years "
    "behind bars and separated from their families and loved ones. It is time to put an end to this injustice."
)
DEMAND = (
    "I urge you to take all necessary steps to ensure that the criminal prosecution stops, they are immediately and "
    "unconditionally released, and their criminal records are cleared."
)
MODEL = f"{FACTS}\n\n{DEMAND}\n\nYours sincerely,\nMaria Lindqvist\nMalmö, Sweden"
EMBASSY = """\
Embassy of the Russian Federation
2650 Wisconsin Ave. NW
Washington DC 20007
USA"""


class SampleForm(forms.Form):
    """One field of each kind; sent empty, it shows its errors."""

    why = forms.CharField(
        label="Why are you writing? One or two sentences",
        help_text="For example: who you are, where you live, why this matters to you.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write a sentence, or choose a point below"},
    )
    name = forms.CharField(
        label="Full name",
        help_text="As it will stand below your letter.",
        max_length=80,
        error_messages={"required": "Write your name"},
    )
    email = forms.EmailField(
        label="Email",
        help_text="To confirm that it is you. The office does not see it.",
        error_messages={"required": "Write your email address"},
    )
    city = forms.CharField(label="Town", required=False)
    how = forms.ChoiceField(
        label="What did you do?",
        choices=[("post", "Posted a letter"), ("phone", "Called the office"), ("visit", "Went there")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you did"},
    )
    updates = forms.BooleanField(
        label="Tell me what becomes of this case", help_text="At most once a week.", required=False
    )


def style(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Show one of PAGES; with `?errors` its form is shown after an empty submit."""
    if not settings.DEBUG or page not in PAGES:
        raise Http404
    largest = max(count for _, count in COUNTRIES)
    context: dict[str, Any] = {
        "pages": PAGES,
        "form": SampleForm({}) if "errors" in request.GET else SampleForm(),
        "six": SIX,
        "names": [name for name, _ in SIX],
        "countries": [{"label": name, "count": n, "percent": 100 * n // largest} for name, n in COUNTRIES],
        "page_of_names": Paginator(range(300), 100).page(2),
        "trail": [("Style", "/style/")],
        "own_words": OWN_WORDS,
        "model": MODEL,
        "embassy": EMBASSY,
    }
    return render(request, f"style/{page}.html", context)
