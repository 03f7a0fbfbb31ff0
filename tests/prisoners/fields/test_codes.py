"""Lists of codes, as organisers type them."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from prisoners.fields.codes import CountryCodesField, LanguageCodesField, OrderField

CHANNELS = [("email", "email"), ("fax", "fax"), ("post", "post")]


def test_languages_are_separated_by_anything_and_kept_once() -> None:
    assert LanguageCodesField(required=False).clean("ru, KK;en ru") == ["ru", "kk", "en"]
    assert LanguageCodesField(required=False).clean("") == []


def test_countries_are_read_by_code_and_by_name() -> None:
    assert CountryCodesField(required=False).clean("no, Kazakhstan; United Kingdom") == ["NO", "KZ", "GB"]


@pytest.mark.parametrize("field", [LanguageCodesField(), CountryCodesField()])
def test_an_unknown_code_is_named_in_the_error(field: LanguageCodesField | CountryCodesField) -> None:
    with pytest.raises(ValidationError, match="Atlantis"):
        field.clean("Atlantis")


def test_channels_keep_their_order_and_nothing_else_is_accepted() -> None:
    field = OrderField(choices=CHANNELS, required=False)
    sent = QueryDict("way=fax&way=&way=email&way=fax")

    assert field.clean(field.widget.value_from_datadict(sent, {}, "way")) == ["fax", "email"]
    with pytest.raises(ValidationError):
        field.clean(["pigeon"])


def test_an_order_offers_one_place_more_than_it_has() -> None:
    html = OrderField(choices=CHANNELS).widget.render("way", ["fax", "email"])

    assert html.count("<select") == 3
    assert html.index('value="fax" selected') < html.index('value="email" selected')
