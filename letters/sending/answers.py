"""What becomes of an office's answer once a moderator has read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from letters.models import Letter, LetterState, Reply, ReplyState
from letters.sending import service_mails, tasks

# A shorter word of a name stands in many texts by chance.
SHORTEST = 3


def decide(reply: Reply, state: ReplyState, published_text: str = "") -> None:
    """Let an answer through to the supporter (KEPT), to everybody as well (PUBLISHED), or to nobody (REJECTED).

    The supporter is told once, however often a moderator thinks it over.
    """
    with transaction.atomic():
        shown = published_text if state == ReplyState.PUBLISHED else ""
        Reply.objects.filter(pk=reply.pk).update(state=state, published_text=shown, decided_at=timezone.now())
        if state in (ReplyState.KEPT, ReplyState.PUBLISHED):
            tell(reply)
    reply.refresh_from_db()


def tell(reply: Reply) -> None:
    """Put the mail with the answer into the outbox, unless it was there before or there is nobody to tell any more.

    Who wrote discreetly gets no mail; the status page tells them.
    """
    letter = reply.delivery.letter
    if letter is None or letter.state != LetterState.CONFIRMED or letter.discreet or not letter.email:
        return
    mail = service_mails.answer(reply, letter)
    if not letter.deliveries.filter(occasion=mail.occasion).exists():
        mail.save(force_insert=True)
        tasks.wake_on_commit()


def traces(text: str, letter: Letter | None) -> list[str]:
    """The words of a text that may tell who the supporter is: of the name, address, city or organisation."""
    words = dict.fromkeys(words_of(letter)) if letter else ()
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]


def words_of(letter: Letter) -> Iterator[str]:
    """Yield the words that name a supporter."""
    yield from filter(None, [letter.email, letter.email.partition("@")[0]])
    for field in (letter.name, letter.city, letter.organisation):
        yield from (word for word in re.findall(r"[\w'’-]+", field) if len(word) >= SHORTEST)
