"""What mail that comes in changes: its own delivery, once, by a sealed address (T26); nobody is answered (T27)."""

import pytest
from django.db import connection

from letters.models import ContactEvent, Delivery, DeliveryLog, DeliveryState, ReceivedMail, Reply, ReplyState, Verdict
from letters.sending import outbox
from letters.sending.bounces.incoming import Outcome, receive
from letters.sending.return_addresses import Kind, address_for
from tests.factories import make_campaign, make_letter, make_office
from tests.letters.sending.bounces.coming_back import comes_back, contact_state, sent, state_of

pytestmark = pytest.mark.django_db

S = DeliveryState
AUTOMATIC = [
    "vacation",
    "vacation-subject-only",
    "acknowledgement",
    "challenge",
    "newsletter",
    "complaint",
    "read-receipt",
]


def test_t26_a_hard_bounce_moves_its_own_delivery_and_no_other() -> None:
    campaign = make_campaign(make_office())
    first, second = sent(campaign=campaign), sent(campaign=campaign)

    assert receive(comes_back(first, "postfix-unknown")) is Outcome.TAKEN

    assert (state_of(first), state_of(second)) == (S.BOUNCED, S.ACCEPTED)
    moves = DeliveryLog.objects.filter(delivery=first).values_list("from_state", "to_state", "reason")
    assert list(moves) == [("accepted", "bounced", "there is no such mailbox (5.1.1)")]
    event = ContactEvent.objects.get()
    assert (event.delivery, event.kind, event.cause, event.status) == (first, "hard", "no_mailbox", "5.1.1")
    assert contact_state(first) == "bounced"


@pytest.mark.parametrize("name", ["postfix-unknown", "qmail-unknown", "reply", "vacation"])
def test_t26_no_altered_or_foreign_address_changes_anything(name: str) -> None:
    delivery = sent()
    raw = comes_back(delivery, name)
    for kind in Kind:
        address = address_for(delivery, kind)
        altered = address.replace("@", "0@").replace("00@", "11@")
        raw = raw.replace(address.encode(), altered.encode())

    assert receive(raw) is Outcome.STRANGE

    assert (state_of(delivery), contact_state(delivery)) == (S.ACCEPTED, "ok")
    assert not ContactEvent.objects.exists()
    assert not Reply.objects.exists()


def test_t26_a_letter_that_never_left_can_not_come_back() -> None:
    letter = make_letter()
    outbox.confirm(letter)
    delivery = Delivery.objects.get()

    assert receive(comes_back(delivery, "postfix-unknown")) is Outcome.STRANGE
    assert state_of(delivery) == S.QUEUED


def test_the_same_mail_is_taken_in_once() -> None:
    delivery = sent()
    raw = comes_back(delivery, "yahoo-full")

    assert [receive(raw) for _ in range(3)] == [Outcome.TAKEN, Outcome.KNOWN, Outcome.KNOWN]

    assert (ContactEvent.objects.count(), ReceivedMail.objects.count()) == (1, 1)


def test_a_second_notice_for_the_same_letter_moves_nothing_more() -> None:
    delivery = sent()
    receive(comes_back(delivery, "postfix-unknown"))
    receive(comes_back(delivery, "exim-unrouteable"))

    assert state_of(delivery) == S.BOUNCED
    assert DeliveryLog.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "state", "contact"),
    [
        ("postfix-delayed", S.ACCEPTED, "ok"),
        ("exim-delayed", S.ACCEPTED, "ok"),
        ("postfix-delivered", S.ACCEPTED, "ok"),
        ("complaint", S.ACCEPTED, "ok"),
        ("vacation", S.ACCEPTED, "ok"),
        ("postfix-full", S.BOUNCED, "soft_bouncing"),
        ("postfix-expired", S.BOUNCED, "soft_bouncing"),
        ("postfix-spam", S.BOUNCED, "soft_bouncing"),
        ("size", S.BOUNCED, "ok"),
    ],
)
def test_a_letter_that_came_back_did_not_arrive_and_a_late_one_may(name: str, state: str, contact: str) -> None:
    delivery = sent()

    receive(comes_back(delivery, name))

    assert (state_of(delivery), contact_state(delivery)) == (state, contact)


@pytest.mark.parametrize("state", [S.UNKNOWN, S.UNRESOLVED])
def test_what_comes_back_proves_that_an_unknown_letter_was_taken(state: DeliveryState) -> None:
    bounced, answered = sent(state), sent(state)

    receive(comes_back(bounced, "postfix-unknown"))
    receive(comes_back(answered, "reply"))

    assert (state_of(bounced), state_of(answered)) == (S.BOUNCED, S.ACCEPTED)


def test_a_bounce_that_is_quicker_than_the_worker_waits_for_it() -> None:
    delivery = sent()
    Delivery.objects.filter(pk=delivery.pk).update(state=S.HANDING_OVER, lease_until="2100-01-01T00:00Z")
    raw = comes_back(delivery, "postfix-unknown")

    assert receive(raw) is Outcome.LATER
    Delivery.objects.filter(pk=delivery.pk).update(state=S.ACCEPTED, lease_until=None)

    assert receive(raw) is Outcome.TAKEN
    assert state_of(delivery) == S.BOUNCED


def test_a_bounce_of_an_address_that_was_corrected_says_nothing_of_the_new_one() -> None:
    delivery = sent()
    assert delivery.contact
    delivery.contact.value = "new@embassy.test"
    delivery.contact.save()

    receive(comes_back(delivery, "postfix-unknown"))

    assert (state_of(delivery), contact_state(delivery)) == (S.BOUNCED, "ok")


def test_the_envelope_tells_whom_a_mail_is_for_when_its_headers_do_not() -> None:
    delivery = sent()
    address = address_for(delivery, Kind.BOUNCE)
    raw = comes_back(delivery, "postfix-unknown").replace(address.encode(), b"undisclosed-recipients:;")

    assert receive(raw) is Outcome.STRANGE
    assert receive(raw + b"\n", address) is Outcome.TAKEN


def test_an_answer_waits_for_a_moderator_as_plain_text_without_what_it_quotes() -> None:
    delivery = sent()

    receive(comes_back(delivery, "reply"))

    answer = Reply.objects.get()
    assert (answer.delivery, answer.campaign, answer.office) == (delivery, delivery.campaign, delivery.office)
    assert answer.state == ReplyState.WAITING
    assert answer.text.startswith("Dear Ms Lovelace,\n\nthank you for your letter.")
    assert "free them" not in answer.text
    assert answer.sender == f"The Office <{delivery.address}>"
    assert contact_state(delivery) == "ok"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender, subject, text FROM letters_reply")
        assert "Lovelace" not in "".join(cursor.fetchone())


def test_html_becomes_text_and_files_are_named_and_not_kept() -> None:
    delivery = sent()
    raw = comes_back(delivery, "reply-html").replace(
        b"Content-Type: text/html; charset=utf-8\n\n",
        b'Content-Type: multipart/mixed; boundary="=_b"\n\n--=_b\nContent-Type: text/html; charset=utf-8\n\n',
    )
    raw += b'--=_b\nContent-Type: application/pdf; name="answer.pdf"\n\n%PDF-\n--=_b--\n'

    receive(raw)

    answer = Reply.objects.get()
    assert answer.text == "Dear Madam,\n\nwe have received your letter and will not answer it."
    assert answer.attachments == "answer.pdf (application/pdf)"


def test_what_a_machine_answers_to_the_return_path_is_no_answer() -> None:
    delivery = sent()
    raw = comes_back(delivery, "reply")
    raw = raw.replace(address_for(delivery, Kind.REPLY).encode(), address_for(delivery, Kind.BOUNCE).encode())

    receive(raw)

    assert not Reply.objects.exists()
    assert ReceivedMail.objects.get().verdict == Verdict.AUTO_REPLY


@pytest.mark.parametrize("name", [*AUTOMATIC, "postfix-unknown", "postfix-delayed", "reply"])
def test_t27_no_mail_that_comes_in_is_answered(name: str) -> None:
    delivery = sent()

    receive(comes_back(delivery, name))

    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("name", AUTOMATIC)
def test_t27_what_no_human_wrote_is_no_answer(name: str) -> None:
    delivery = sent()

    receive(comes_back(delivery, name))

    assert not Reply.objects.exists()
    assert state_of(delivery) == S.ACCEPTED


def test_a_bounce_of_our_own_mail_is_noted_and_judges_no_office() -> None:
    letter = make_letter()
    outbox.request_confirmation(letter)
    mail = Delivery.objects.get()
    left = {"handed_over_at": mail.created_at, "handed_over_on": mail.created_at.date(), "settled_at": mail.created_at}
    Delivery.objects.filter(pk=mail.pk).update(state=S.ACCEPTED, **left)

    receive(comes_back(mail, "postfix-unknown"))

    assert state_of(mail) == S.BOUNCED
    assert not ContactEvent.objects.exists()
