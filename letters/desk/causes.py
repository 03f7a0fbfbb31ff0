"""Why letters did not arrive, in plain words, and what helps.

A delivery keeps what the other side said in its own words. They are many; what an organiser can do about them is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, Q, Value, When
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from letters.models import DeliveryState, FaxOutcome

S = DeliveryState


class Act(StrEnum):
    """What an organiser can do; the page makes a link of it."""

    CORRECT = "correct"
    SWITCH = "switch"
    AGAIN = "again"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Cause:
    """What went wrong, and what to do about it, the best first."""

    text: str | Promise
    acts: tuple[Act, ...]


CAUSES: dict[str, Cause] = {
    "returned": Cause(_("came back: the address does not work"), (Act.CORRECT, Act.AGAIN)),
    "refused_address": Cause(_("the office’s server does not know the address"), (Act.CORRECT, Act.AGAIN)),
    "no_address": Cause(_("the office had no address that works"), (Act.CORRECT, Act.AGAIN)),
    "no_number": Cause(_("the number does not exist or takes no fax"), (Act.CORRECT, Act.AGAIN)),
    "no_machine": Cause(_("called for days: busy, nobody answered, or no fax machine"), (Act.SWITCH, Act.AGAIN)),
    "refused_text": Cause(_("the office’s server does not want our mail"), (Act.SWITCH, Act.AGAIN, Act.OPERATOR)),
    "given_up": Cause(_("put off again and again for days, then given up"), (Act.SWITCH, Act.AGAIN)),
    "document": Cause(_("the letter does not fit this way, for example too many pages"), (Act.SWITCH, Act.AGAIN)),
    "site": Cause(_("an error of this site"), (Act.OPERATOR, Act.AGAIN)),
    "other": Cause(_("for another reason, which its page tells"), (Act.AGAIN, Act.OPERATOR)),
}


def cause() -> Case:
    """The key in `CAUSES` of a delivery that failed or came back, as an expression."""
    with translation.override(None):
        said = {outcome: str(outcome.label) for outcome in FaxOutcome}
    vain = (FaxOutcome.BUSY, FaxOutcome.NO_ANSWER, FaxOutcome.NO_FAX, FaxOutcome.LINE)
    return Case(
        When(state=S.BOUNCED, then=Value("returned")),
        When(begins("the address does not work", "the office has no address"), then=Value("no_address")),
        When(begins(said[FaxOutcome.INVALID]), then=Value("no_number")),
        When(begins(*(said[outcome] for outcome in vain)), then=Value("no_machine")),
        When(begins("build:", said[FaxOutcome.DOCUMENT]), then=Value("document")),
        When(begins("envelope: 5"), then=Value("refused_address")),
        When(begins("data:", "body:"), then=Value("refused_text")),
        When(begins("given up:"), then=Value("given_up")),
        When(begins("an error of this site") | Q(reason__endswith="workers died over it"), then=Value("site")),
        default=Value("other"),
    )


def begins(*words: str) -> Q:
    """Deliveries whose reason begins with one of `words`."""
    found = Q()
    for beginning in words:
        found |= Q(reason__startswith=beginning)
    return found
