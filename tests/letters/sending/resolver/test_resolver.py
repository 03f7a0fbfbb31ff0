"""What is unknown is settled by evidence, and by nothing else."""

from pathlib import Path

import pytest
from pytest_django import Settings

from letters.models import DeliveryState
from letters.sending import resolver
from tests.invariants import check_log
from tests.letters.sending.resolver.unknowns import state_of, unknown

pytestmark = pytest.mark.django_db

S = DeliveryState


def test_without_evidence_it_waits_a_day_and_then_for_an_organiser() -> None:
    fresh, old = unknown(hours_ago=23), unknown(hours_ago=25)

    resolver.resolve()

    assert (state_of(fresh), state_of(old)) == (S.UNKNOWN, S.UNRESOLVED)
    check_log()


def test_a_letter_that_nobody_knows_of_does_not_stand_before_the_others(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard, taken = unknown(), unknown()
    settings.POSTFIX_LOG = str(tmp_path / "mail.log")
    Path(settings.POSTFIX_LOG).write_text(
        f"Nov 21 20:00:00 mx postfix/cleanup[12]: 4F1C2A0B: message-id=<{taken.message_id}>\n"
        "Nov 21 20:00:00 mx postfix/qmgr[13]: 4F1C2A0B: from=<b@x.test>, size=9, nrcpt=1 (queue active)\n"
    )
    monkeypatch.setattr(resolver, "BATCH", 1)

    resolver.resolve()

    assert (state_of(unheard), state_of(taken)) == (S.UNKNOWN, S.ACCEPTED)
