"""What supporters may type, and what is refused because no mail or PDF could carry it."""

import pytest
from django.core.exceptions import ValidationError

from letters.writing.fields import TEXT_BYTES, AddressField, LineField, TextField

BREAKS = ["\r", "\n", "\v", "\f", "\x1c", "\x85", "\u2028"]


@pytest.mark.parametrize("break_", BREAKS)
def test_a_name_with_a_line_break_is_refused(break_: str) -> None:
    with pytest.raises(ValidationError):
        LineField().clean(f"Ada{break_}Bcc: v@victim.test")


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\ufffe", "\x1b"])
def test_characters_that_no_database_or_pdf_takes_are_refused_everywhere(odd: str) -> None:
    for field in (LineField(), TextField(), AddressField()):
        with pytest.raises(ValidationError):
            field.clean(f"Ada{odd}Example")


def test_controls_of_direction_are_dropped_from_a_name() -> None:
    assert LineField().clean("Ada\u202e elpmaxE\u2069") == "Ada elpmaxE"


def test_joiners_that_scripts_and_emoji_need_stay() -> None:
    assert LineField().clean("می‌خواهم 👩‍🏫") == "می‌خواهم 👩‍🏫"


def test_text_is_composed_and_has_one_kind_of_line_break() -> None:
    assert TextField().clean("Zoe\u0308\r\n\u2028one\vtwo ") == "Zoë\n\none\ntwo"


def test_a_text_is_limited_in_bytes() -> None:
    assert TextField().clean("я" * (TEXT_BYTES // 2))
    with pytest.raises(ValidationError, match="too long"):
        TextField().clean("я" * (TEXT_BYTES // 2 + 1))


@pytest.mark.parametrize("address", ["ada@example.org", "ada+x@example.test", "o'neil@example.org"])
def test_plain_addresses_are_taken(address: str) -> None:
    assert AddressField().clean(address) == address


def test_a_domain_in_another_script_is_kept_in_ascii() -> None:
    assert AddressField().clean("ada@почта.рф") == "ada@xn--80a1acny.xn--p1ai"


@pytest.mark.parametrize(
    "address",
    [
        "ada",
        "ada@localhost",
        "ada@[127.0.0.1]",
        "-oQ/tmp@example.org",
        "|cat@example.org",
        "юзер@почта.рф",
        '"Ada" <v@victim.test>',
        "a@example.org, b@victim.test",
        "a@example.org\nBcc: v@victim.test",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        AddressField().clean(address)
