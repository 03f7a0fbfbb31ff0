"""News of three providers: who may bring it, and that repeats, delays and disorder change nothing."""

import itertools
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from letters.models import Delivery, DeliveryState, HoldReason
from tests.invariants import check_log
from tests.letters.sending.resolver.unknowns import handed_over, state_of
from tests.mail_providers import (
    SECRET,
    Fault,
    Mail,
    MailgunServer,
    PostmarkServer,
    ProviderServer,
    ResendServer,
    running,
)

pytestmark = pytest.mark.django_db

S = DeliveryState
ALL = pytest.mark.parametrize("kind", [PostmarkServer, ResendServer, MailgunServer])
BOUNCE = {"Type": "HardBounce", "Email": "office@ministry.test", "Details": "550 no such user", "ID": 7}

# How each provider says it.
WORDS: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "postmark": {
        "delivered": ("Delivery", {"Recipient": "office@ministry.test"}),
        "bounced": ("Bounce", BOUNCE),
        "rejected": ("Bounce", BOUNCE | {"Type": "Blocked"}),
        "deferred": ("Bounce", BOUNCE | {"Type": "Transient"}),
        "opened": ("Open", {}),
        "unknown": ("SomethingNew", {}),
    },
    "resend": {
        "queued": ("email.sent", {}),
        "delivered": ("email.delivered", {}),
        "bounced": ("email.bounced", {"data": {"bounce": {"message": "a hard bounce message"}}}),
        "deferred": ("email.delivery_delayed", {}),
        "opened": ("email.opened", {}),
        "unknown": ("email.something_new", {}),
    },
    "mailgun": {
        "queued": ("accepted", {}),
        "delivered": ("delivered", {}),
        "bounced": ("failed", {"severity": "permanent", "reason": "bounce"}),
        "rejected": ("rejected", {"reject": {"reason": "Sandbox"}}),
        "deferred": ("failed", {"severity": "temporary"}),
        "opened": ("opened", {}),
        "unknown": ("something new", {}),
    },
}


@pytest.fixture
def server(kind: type[ProviderServer], settings: Settings) -> Iterator[ProviderServer]:
    """Return a provider that the site sends through."""
    with running(kind()) as server:
        server.use(settings)
        settings.MAILBOX_PER_HOUR = settings.MAIL_DOMAIN_PER_HOUR = 0
        yield server


def post(server: ProviderServer, body: bytes, headers: dict[str, str]) -> int:
    """Bring news and return the answer's status."""
    client = Client(enforce_csrf_checks=True)
    url = f"/callbacks/mail/{server.name}/"
    return client.post(url, body, content_type="application/json", headers=headers).status_code


def tell(server: ProviderServer, what: str, mail: Mail | None = None, **more: Any) -> int:
    """Tell of a mail, of the last if none is given, in the provider's own words."""
    word, details = WORDS[server.name][what]
    return post(server, *server.news(word, mail or server.mails[-1], **details, **more))


@ALL
@pytest.mark.parametrize(("what", "state"), [("delivered", S.DELIVERED), ("bounced", S.BOUNCED)])
def test_what_became_of_a_letter_is_heard(server: ProviderServer, what: str, state: DeliveryState) -> None:
    delivery = handed_over()

    assert tell(server, what) == 200

    assert state_of(delivery) == state
    check_log()


@ALL
def test_any_order_and_any_number_of_the_same_news_ends_the_same(server: ProviderServer) -> None:
    first = "queued" if "queued" in WORDS[server.name] else "deferred"
    for order in itertools.permutations([first, "delivered", "bounced"]):
        delivery = handed_over()
        for what in order:
            assert {tell(server, what) for _ in range(2)} == {200}
        assert state_of(delivery) == S.BOUNCED, order
    check_log()


@pytest.mark.parametrize("kind", [PostmarkServer, MailgunServer])
def test_what_the_provider_refuses_to_send_has_failed(server: ProviderServer) -> None:
    delivery = handed_over()

    tell(server, "rejected")

    assert state_of(delivery) == S.FAILED
    assert delivery.handed_over_at is None, "it is not counted as handed over"


@ALL
@pytest.mark.parametrize("what", ["deferred", "opened", "unknown"])
def test_all_else_changes_nothing(server: ProviderServer, what: str) -> None:
    delivery = handed_over()

    assert tell(server, what) == 200

    assert state_of(delivery) == S.ACCEPTED


@ALL
def test_news_is_evidence_after_a_lost_answer(server: ProviderServer) -> None:
    server.faults.append(Fault(taken=True))
    delivery = handed_over()
    assert delivery.state == S.UNKNOWN

    tell(server, "delivered")

    assert state_of(delivery) == S.DELIVERED
    check_log()


@pytest.mark.parametrize("kind", [ResendServer, MailgunServer])
def test_that_it_was_queued_is_evidence_enough(server: ProviderServer) -> None:
    server.faults.append(Fault(taken=True))
    delivery = handed_over()

    tell(server, "queued")

    assert state_of(delivery) == S.ACCEPTED


@ALL
def test_what_was_refused_and_sent_all_the_same_does_not_leave_again(server: ProviderServer) -> None:
    server.faults.append(Fault(429, taken=True))
    delivery = handed_over()
    assert delivery.state == S.DEFERRED

    tell(server, "delivered")

    assert state_of(delivery) == S.HELD
    assert delivery.hold_reason == HoldReason.MODERATION
    check_log()


@ALL
def test_news_that_is_quicker_than_our_worker_is_asked_for_again(server: ProviderServer) -> None:
    delivery = handed_over()
    lease = "2100-01-01T00:00Z"
    Delivery.objects.filter(pk=delivery.pk).update(state=S.HANDING_OVER, lease_until=lease)

    assert tell(server, "delivered") == 503

    assert state_of(delivery) == S.HANDING_OVER


@ALL
def test_news_of_an_earlier_attempt_says_nothing_of_this_one(server: ProviderServer) -> None:
    delivery = handed_over()
    Delivery.objects.filter(pk=delivery.pk).update(fence=delivery.fence + 1)

    assert tell(server, "bounced") == 200

    assert state_of(delivery) == S.ACCEPTED


# ── Who may bring it ──────────────────────────────────────────────────────────────────────────────────────────────────


@ALL
def test_news_without_its_credential_is_refused(server: ProviderServer) -> None:
    delivery = handed_over()
    body, _headers = server.news(WORDS[server.name]["delivered"][0], server.mails[0], secret="bm8=", auth="a:b")

    assert post(server, body, {}) == 401
    assert post(server, body, {"Authorization": "Basic bm86bm8="}) == 401

    assert state_of(delivery) == S.ACCEPTED


@pytest.mark.parametrize("kind", [ResendServer, MailgunServer])
@pytest.mark.parametrize("age", [-2, 2])
def test_an_old_signature_is_refused(server: ProviderServer, age: int) -> None:
    delivery = handed_over()

    assert tell(server, "delivered", at=time.time() - age * 24 * 3600) == 401

    assert state_of(delivery) == S.ACCEPTED


@pytest.mark.parametrize("kind", [ResendServer])
def test_a_signature_of_five_minutes_ago_or_of_another_body_is_refused(server: ProviderServer) -> None:
    delivery = handed_over()
    body, headers = server.news("email.delivered", server.mails[0])

    assert post(server, body.replace(b"delivered", b"bounced"), headers) == 401
    assert tell(server, "delivered", at=time.time() - 301) == 401
    assert tell(server, "delivered", secret=SECRET[:-4] + "AAA=") == 401

    assert state_of(delivery) == S.ACCEPTED


@ALL
def test_what_is_no_event_is_refused_and_breaks_nothing(server: ProviderServer) -> None:
    handed_over()
    _body, headers = server.news(WORDS[server.name]["delivered"][0], server.mails[0])
    for body in (b"", b"[]", b"7", b'{"signature": 7}', b"\xff", b"{}"):
        assert post(server, body, headers) in {200, 400, 401}


@ALL
def test_only_the_provider_in_use_has_an_address(server: ProviderServer, settings: Settings) -> None:
    client = Client()
    assert client.get(f"/callbacks/mail/{server.name}/").status_code == 405
    assert client.post("/callbacks/mail/nobody/").status_code == 404
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    assert client.post(f"/callbacks/mail/{server.name}/").status_code == 404


@ALL
def test_news_of_a_mail_that_is_not_ours_is_not_logged_with_its_people(
    server: ProviderServer, caplog: pytest.LogCaptureFixture
) -> None:
    handed_over()
    foreign = server.mails[0]
    foreign.mark, foreign.to = "0@elsewhere.test.1", "canary@supporter.test"
    with caplog.at_level(logging.DEBUG):
        assert tell(server, "delivered", foreign) == 200

    assert "canary" not in caplog.text
