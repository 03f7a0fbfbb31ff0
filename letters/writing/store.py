"""From a checked draft to a letter that waits for its confirmation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from letters.models import Addressing, Letter, LetterText
from letters.sending import outbox
from letters.writing.abuse import may_mail
from letters.writing.cards import Card
from letters.writing.drafts import Draft
from letters.writing.forms import LetterForm
from letters.writing.identity import person_key

TIME_TO_CONFIRM = dt.timedelta(hours=72)
# The privacy text that is shown beside the form. Raise it when that text changes.
CONSENT_VERSION = "2026-11"
PERSONAL = ("name", "email", "city", "organisation", "role", "own_words", "reply_to_me", "updates", "in_dossier")


class OtherLetterError(Exception):
    """Another letter came from the same form before."""


def store(form: LetterForm, draft: Draft) -> tuple[Letter, bool]:
    """Store a letter, its texts and its offices, pending; True when it is new, False when it was there already.

    Raises OtherLetterError when this form's key already brought another letter.
    """
    try:
        with transaction.atomic():
            letter = Letter.objects.create(**columns(form, draft))
            store_texts(letter, form.cards)
            return letter, True
    except IntegrityError:
        return same_letter(draft), False


def same_letter(draft: Draft) -> Letter:
    """The letter that this draft already brought. Raises OtherLetterError when its form brought another."""
    letter = Letter.objects.get(form_key=draft.stamp.key)
    if letter.form_digest != draft.digest():
        raise OtherLetterError
    return letter


def columns(form: LetterForm, draft: Draft) -> dict[str, Any]:
    """The columns of the letter."""
    answers = form.cleaned_data
    campaign = form.offer.campaign
    return {
        # Who could be in danger was not asked for all of it.
        **{name: answers.get(name, False) for name in PERSONAL},
        "copies": answers.get("copies", False),
        "discreet": form.offer.is_discreet,
        "in_own_words": any(not card.is_model_text for card in form.cards),
        "campaign": campaign,
        "country": form.offer.country,
        "form_key": draft.stamp.key,
        "form_digest": draft.digest(),
        "person_key": person_key(campaign, answers["email"]),
        "page_language": get_language() or "",
        "consent_version": CONSENT_VERSION,
        "facts_version": draft.stamp.facts,
        "expires_at": timezone.now() + TIME_TO_CONFIRM,
    }


def store_texts(letter: Letter, cards: list[Card]) -> None:
    """Store what the check page showed: a text a model letter, and an addressing an office."""
    texts = {card.letter: card for card in cards}
    LetterText.objects.bulk_create(
        LetterText(letter=letter, model_letter=model, language=card.language, body=card.body, edited=card.edited)
        for model, card in texts.items()
    )
    Addressing.objects.bulk_create(
        Addressing(
            letter=letter,
            office=card.office.entry,
            target=card.office.target,
            channel=card.channel or "",
            language=card.language,
            subject=card.subject,
            text=card.text,
        )
        for card in cards
    )


def mail_link(letter: Letter) -> None:
    """Mail the link to confirm, unless this mailbox had its share; nobody can tell from outside which it was."""
    if may_mail(letter.email):
        outbox.request_confirmation(letter)
    else:
        # Whom we did not ask we do not remind, else a bomb of letters would become one of reminders a day later.
        Letter.objects.filter(pk=letter.pk, reminded_at=None).update(reminded_at=timezone.now())
