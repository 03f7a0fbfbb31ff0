"""manage.py read_bounces: files, folders, Maildir and mbox. These tests have no database, and it asks for none."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[3]
MAILS = ROOT / "tests/letters/sending/bounces/mails"


def lines(*paths: Path) -> list[list[str]]:
    out = StringIO()
    call_command("read_bounces", *map(str, paths), stdout=out)
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_a_mail_is_a_line_of_five() -> None:
    path = MAILS / "postfix-unknown.eml"

    assert lines(path) == [[str(path), "hard", "5.1.1", "office@embassy.test", "there is no such mailbox"]]


def test_a_maildir_is_a_folder(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1.example").write_bytes((MAILS / "reply.eml").read_bytes())
    (tmp_path / "cur" / "2.example:2,S").write_bytes((MAILS / "yahoo-full.eml").read_bytes())

    assert [line[1] for line in lines(tmp_path)] == ["soft", "reply"]


def test_an_mbox_has_a_line_for_each_of_its_mails(tmp_path: Path) -> None:
    mbox = tmp_path / "mbox"
    names = ("postfix-unknown", "vacation", "postfix-delayed")
    separator = b"From MAILER-DAEMON Sun Feb  1 10:00:05 2026\n"
    mbox.write_bytes(b"\n".join(separator + (MAILS / f"{name}.eml").read_bytes() for name in names))

    assert [line[:2] for line in lines(mbox)] == [
        [f"{mbox}:1", "hard"],
        [f"{mbox}:2", "auto-reply"],
        [f"{mbox}:3", "delayed"],
    ]


def test_a_single_mail_may_begin_with_its_separator(tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    mail.write_bytes(b"From MAILER-DAEMON Sun Feb  1 10:00:05 2026\n" + (MAILS / "domino.eml").read_bytes())

    assert [line[:2] for line in lines(mail)] == [[str(mail), "hard"]]


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no .*nothing"):
        lines(tmp_path / "nothing")
