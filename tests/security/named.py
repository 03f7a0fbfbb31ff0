"""The table of docs/security.md, read: each threat with the tests that prove our answer.

`python -m tests.security.named` prints those tests, for `make security`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "security.md"
ROW = re.compile(r"^\| (\d+) \|(.*)\|$", flags=re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def rows() -> dict[int, list[tuple[str, str]]]:
    """By the number of each threat its tests: file below tests/, and name."""
    return {int(number): TEST.findall(row) for number, row in ROW.findall(PAGE.read_text())}


if __name__ == "__main__":
    named = {f"tests/{file}::{name}" for tests in rows().values() for file, name in tests}
    elsewhere = sorted(test for test in named if not test.startswith("tests/security/"))
    sys.stdout.write("\n".join(["tests/security", *elsewhere]))
