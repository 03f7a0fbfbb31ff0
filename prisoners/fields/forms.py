"""The form field of text in several languages: one box a language, one more for another, and nothing lost.

`TranslatedField` saves what this field gives language by language, so that a language that the page did not show
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

# A language tag as this site writes it: lower case, with subtags (BCP 47): "ru", "zh-hans", "be-tarask".
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
# Stands for a text whose language has not been said; no language has this tag.
UNSAID = ""


class LanguageLook(NamedTuple):
    """How a language is named and which way it runs."""

    name: str
    dir: str


def language_look(code: str) -> LanguageLook:
    """The name of `code` in itself and its direction; a language that Django doesn't know keeps its code."""
    try:
        info = get_language_info(code)
    except KeyError:
        return LanguageLook(code, "auto")
    return LanguageLook(info["name_local"], "rtl" if info["bidi"] else "ltr")


def merged(stored: Mapping[str, str], edited: Mapping[str, str]) -> dict[str, str]:
    """`stored` with the languages of `edited` put in; an empty text takes its language out."""
    return {language: text for language, text in {**stored, **edited}.items() if text}


class TranslatedWidget(forms.Widget):
    """One box a language; languages without a text wait in a fold, with a row for one more.

    Its value is a dict of texts by language code. A text without a (new) language stands under `UNSAID`.
    """

    template_name = "widgets/translated.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, one_line: bool = False) -> None:
        super().__init__(attrs)
        self.one_line = one_line

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = list(self.rows(name, value or {}, context["widget"]["attrs"]))
        context["widget"] |= {
            "shown": [row for row in rows if row["open"]],
            "folded": [row for row in rows if not row["open"]],
            "one_line": self.one_line,
            "unsaid": (value or {}).get(UNSAID, ""),
            "new_language": f"{name}__new_language",
            "new_text": f"{name}__new_text",
        }
        return context

    def rows(self, name: str, value: Mapping[str, str], attrs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield a box for each language of the site and each that has a text."""
        for code in dict.fromkeys([*(code for code, _name in settings.LANGUAGES), *value]):
            if code == UNSAID:
                continue
            text, look = value.get(code, ""), language_look(code)
            yield {
                "name": f"{name}__{code}",
                # The label of the field points to the default language's box.
                "id": attrs.get("id", name) if code == settings.LANGUAGE_CODE else f"{attrs.get('id', name)}__{code}",
                "code": code,
                "language": look.name,
                "dir": look.dir,
                "text": text,
                "height": min(20, max(2, len(text) // 90 + text.count("\n") + 1)),
                "open": bool(text) or code == settings.LANGUAGE_CODE,
            }

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        start = f"{name}__"
        posted = {key.removeprefix(start): str(data[key]) for key in data if key.startswith(start)}
        language = posted.pop("new_language", "").strip().lower()
        text = posted.pop("new_text", "")
        if text.strip():
            # A language that is there already keeps its text: the new one is asked about, not dropped.
            posted[UNSAID if posted.get(language, "").strip() else language] = text
        return posted

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        return not any(key.startswith(f"{name}__") for key in data)


class TranslatedFormField(forms.Field):
    """Cleans to a dict of texts by language code, with "" for a language that was emptied."""

    widget = TranslatedWidget
    default_error_messages = {
        "language": _("Give the text a language of its own, by its code: kk, uk, zh-hans."),
    }

    def to_python(self, value: Mapping[str, str] | None) -> dict[str, str]:
        texts = {code: str(text).replace("\r\n", "\n").strip() for code, text in (value or {}).items()}
        if any(text and not LANGUAGE_TAG.fullmatch(code) for code, text in texts.items()):
            raise ValidationError(self.error_messages["language"], code="language")
        return texts

    def validate(self, value: Any) -> None:
        if self.required and not any(value.values()):
            raise ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = initial or {}, data or {}
        return any(
            str(before.get(code, "")).strip() != str(text).replace("\r\n", "\n").strip() for code, text in after.items()
        )
