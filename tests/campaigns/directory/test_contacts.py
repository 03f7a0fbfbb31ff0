"""An address has one form in the directory, whoever typed it, and what is no address gets a hint."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaigns.directory.contacts import is_masked, normalise
from campaigns.models import Channel


@pytest.mark.parametrize(
    ("channel", "value", "region", "stored"),
    [
        ("email", " Info@Office.Example ", "", "info@office.example"),
        ("email", "mailto:info@office.example", "", "info@office.example"),
        ("email", "post@пример.example", "", "post@xn--e1afmkfd.example"),
        ("fax", "+7 (495) 693-13-60", "", "+74956931360"),
        ("fax", "202 298 5735", "US", "+12022985735"),
        ("phone", "8 (495) 693-13-60", "RU", "+74956931360"),
        ("phone", "+43 1 514 36 6996", "KZ", "+431514366996"),
        ("web_form", "HTTPS://Office.Example/Contact", "", "https://office.example/Contact"),
        ("twitter", "@RusEmbUSA", "", "RusEmbUSA"),
        ("facebook", "https://www.facebook.com/RusEmbUSA/", "", "RusEmbUSA"),
        ("post", "  Unter den Linden 63–65 \n\n 10117   Berlin\n", "", "Unter den Linden 63–65\n10117 Berlin"),
    ],
)
def test_an_address_is_stored_in_one_form(channel: str, value: str, region: str, stored: str) -> None:
    assert normalise(channel, value, region) == stored
    assert normalise(channel, stored, region) == stored


@pytest.mark.parametrize(
    ("channel", "value", "code"),
    [
        ("email", "[email protected]", "masked"),
        ("email", "[email\N{NO-BREAK SPACE}protected]", "masked"),
        ("email", "(email protected)", "masked"),
        ("email", "email protected", "masked"),
        ("email", "/cdn-cgi/l/email-protection#a1b2", "masked"),
        ("email", "info [at] office [dot] example", "spelt_out"),
        ("email", "info(at)office.example", "spelt_out"),
        ("email", "info", "email"),
        ("email", "a@b@c", "email"),
        ("email", "info@-x-.example", "email"),
        ("email", "   ", "empty"),
        ("fax", "693-13-60", "number"),
        ("fax", "+7 495 1", "digits"),
        ("phone", "+1 202 298 5700 ext. 12", "extension"),
        ("web_form", "javascript:alert(1)", "url"),
        ("web_form", "office.example", "url"),
        ("twitter", "two words", "account"),
    ],
)
def test_what_is_no_address_is_refused_with_a_hint(channel: str, value: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        normalise(channel, value)

    assert refused.value.code == code


def test_words_about_protected_mail_are_no_hidden_address() -> None:
    assert not is_masked("The lawyers keep your email protected by the best means.")


@given(st.sampled_from(Channel.values), st.text(max_size=80), st.sampled_from(["", "RU", "US", "??"]))
def test_whatever_is_typed_is_stored_in_a_form_that_stays_or_refused(channel: str, value: str, region: str) -> None:
    try:
        stored = normalise(channel, value, region)
    except ValidationError:
        return
    assert normalise(channel, stored, region) == stored
