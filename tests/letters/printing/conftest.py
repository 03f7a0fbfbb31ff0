"""A supporter who prints."""

from __future__ import annotations

import pytest

from tests.letters.writing.supporter import Supporter


@pytest.fixture
def supporter() -> Supporter:
    return Supporter()
