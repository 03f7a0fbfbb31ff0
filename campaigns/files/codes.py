"""Codes that files use for languages and countries."""

from __future__ import annotations

import re

from django_countries import countries

# ISO 639-1. A language without two letters there goes by its three letters in ISO 639-3, such as crh.
TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja "
    "jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb "
    "nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq "
    "sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGE = re.compile(r"([a-z]{2,3})(-[a-z0-9]{2,8})*")


def is_language(code: str) -> bool:
    """Whether `code` names a language: ru, crh, pt-br."""
    match = LANGUAGE.fullmatch(code)
    return match is not None and (len(match[1]) > 2 or match[1] in TWO_LETTERS.split())  # noqa: PLR2004  # Letters.


def is_country(code: str) -> bool:
    """Whether `code` is an ISO 3166-1 alpha-2 code."""
    return code in countries.countries


def country_hint(word: str) -> str:
    """' Did you mean "RU"?' for a country's English name or a lower-case code."""
    code = countries.by_name(word, language="en") or (word.upper() if is_country(word.upper()) else "")
    return f" Did you mean “{code}”?" if code else " Use two capital letters (ISO 3166-1), such as RU."
