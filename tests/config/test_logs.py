"""Logs say what happened and not to whom."""

import logging

import pytest

from config.logs import PrivateFormatter


def line(message: str, *arguments: object, error: BaseException | None = None) -> str:
    """Return what is logged for `message`."""
    record = logging.LogRecord("postbag", logging.WARNING, __file__, 1, message, arguments, None)
    if error:
        record.exc_info = (type(error), error, error.__traceback__)
    return PrivateFormatter().format(record)


@pytest.mark.parametrize(
    "secret",
    [
        "/letters/Zm9vYmFyLXRva2Vu/confirm/",
        "/ru/letters/Zm9vYmFyLXRva2Vu/",
        "Ada <ada@supporter.test>",
        "юзер@почта.рф",
        "192.0.2.55",
        "2001:db8::8a2e:370:7334",
    ],
)
def test_what_could_tell_who_it_was_is_masked(secret: str) -> None:
    words = {"Zm9vYmFyLXRva2Vu", "ada@supporter.test", "юзер@почта.рф", "192.0.2.55", "2001:db8::8a2e:370:7334"}

    assert not [word for word in words if word in line("seen: %s", secret)]


def test_tracebacks_are_masked_too() -> None:
    assert "ada@supporter.test" not in line("failed", error=ValueError("refused: ada@supporter.test"))


def test_an_event_is_one_line() -> None:
    assert line("first\nFAKE second\r\nthird").count("\n") == 0


def test_times_and_ordinary_words_stay() -> None:
    assert line("Task 12:34:56 sent 3 letters in 0.25 s").endswith(
        "WARNING postbag Task 12:34:56 sent 3 letters in 0.25 s"
    )
