"""What can be typed before a document is printed. Nothing of it is stored."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from letters.paper.pdf import Paper
from letters.writing.fields import LineField, TextField
from letters.writing.forms import NAME_LENGTH

PAPERS = [("A4", "A4"), ("letter", "US Letter")]


class PaperForm(forms.Form):
    """On which paper."""

    use_required_attribute = False
    paper = forms.ChoiceField(label=_("Paper"), choices=PAPERS, required=False)

    @property
    def chosen_paper(self) -> Paper:
        return cast(Paper, self.cleaned_data["paper"] or "A4")


class CardForm(PaperForm):
    """A card to a person in prison; left blank, it is one to write on by hand."""

    field_order = ["own_words", "name", "paper"]
    own_words = TextField(
        label=_("Your words"),
        help_text=_("Leave it blank for a card to write on by hand."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    name = LineField(
        label=_("Your name"),
        help_text=_("As you want to be called, or nothing."),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto", "spellcheck": "false"}),
    )

    def words(self) -> dict[str, Any]:
        """What goes on the card."""
        return {"words": self.cleaned_data["own_words"], "name": self.cleaned_data["name"]}


class ResolutionForm(PaperForm):
    """Who adopts a resolution; all of it may be left to the pen."""

    field_order = ["organisation", "members", "meeting", "name", "role", "paper"]
    organisation = LineField(
        label=_("Organisation or branch"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    members = forms.IntegerField(label=_("Members represented"), required=False, min_value=1, max_value=99_999_999)
    meeting = LineField(
        label=_("Adopted by, on"),
        help_text=_("For example: branch meeting, Durham, 14 March 2026."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    name = LineField(
        label=_("Name of the signer"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    role = LineField(
        label=_("Role of the signer"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )

    def adopters(self) -> dict[str, Any]:
        """What goes on the resolution."""
        return {name: self.cleaned_data[name] for name in ("organisation", "members", "meeting", "name", "role")}
