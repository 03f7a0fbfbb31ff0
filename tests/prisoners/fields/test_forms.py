"""Texts in several languages, as organisers type them."""

import pytest
from django.forms import modelform_factory
from django.http import QueryDict

from prisoners.fields.forms import TranslatedWidget, language_look
from prisoners.models import Prison

PrisonForm = modelform_factory(Prison, fields=["name"])


def typed(**fields: str) -> QueryDict:
    """Return a sent form: `name__en` is the English text of the name."""
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


def saved(prison: Prison, **fields: str) -> dict[str, str]:
    """Send the form for `prison` and return what its name is then, without the database."""
    form = PrisonForm(typed(**fields), instance=prison)
    assert form.is_valid(), form.errors
    return dict(form.save(commit=False).name)


def test_a_language_that_the_page_did_not_show_is_never_lost() -> None:
    prison = Prison(slug="colony", name={"en": "Colony", "kk": "Колония"})

    assert saved(prison, name__en="Colony 7") == {"en": "Colony 7", "kk": "Колония"}


def test_an_emptied_text_takes_its_language_out() -> None:
    assert saved(Prison(name={"en": "Colony", "ru": "Колония"}), name__en="Colony", name__ru="  ") == {"en": "Colony"}


def test_another_language_can_be_added_by_its_code() -> None:
    sent = {"name__en": "Colony", "name__new_language": "BE-tarask", "name__new_text": "Калёнія"}

    assert saved(Prison(), **sent) == {"en": "Colony", "be-tarask": "Калёнія"}


@pytest.mark.parametrize("code", ["", "english", "en", "??"])
def test_a_new_text_without_a_language_of_its_own_is_asked_about_and_comes_back(code: str) -> None:
    form = PrisonForm(typed(name__en="Colony", name__new_language=code, name__new_text="Калёнія"))

    assert not form.is_valid()
    assert "Калёнія" in form["name"].as_widget()


def test_a_required_text_is_asked_for_in_any_language() -> None:
    assert not PrisonForm(typed(name__en="", name__ru=" ")).is_valid()
    assert PrisonForm(typed(name__en="", name__ru="Колония")).fields["name"].clean({"ru": "Колония"})


def test_each_box_says_its_language_and_direction() -> None:
    html = TranslatedWidget().render("name", {"en": "Colony", "fa": "زندان"}, {"id": "id_name"})

    assert 'lang="fa" dir="rtl"' in html
    assert 'lang="ru" dir="ltr"' in html
    assert html.index("زندان") < html.index("<details")


def test_no_text_can_break_out_of_its_box() -> None:
    html = TranslatedWidget().render("name", {"en": "</textarea><script>", "x": '"><script>'}, {})

    assert "<script>" not in html


def test_a_language_unknown_to_django_keeps_its_code() -> None:
    assert language_look("crh") == ("crh", "auto")
    assert language_look("ar").dir == "rtl"


def test_an_untouched_form_has_not_changed() -> None:
    prison = Prison(slug="colony", name={"en": "One\nTwo"})

    assert not PrisonForm(typed(name__en="One\r\nTwo", name__ru="", name__ar=""), instance=prison).has_changed()
