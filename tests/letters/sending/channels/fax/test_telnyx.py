"""Faxes through Telnyx: what may be tried again, and what became of a fax."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from letters.models import FaxOutcome
from letters.sending.channels.contract import ChannelError, Message, Phase, Verdict
from letters.sending.channels.fax.reports import Report
from letters.sending.channels.fax.telnyx import Account, TelnyxChannel
from tests import servers
from tests.telnyx_server import Fault, Telnyx, telnyx_server


@pytest.fixture
def service() -> Iterator[Telnyx]:
    with telnyx_server() as service:
        yield service


@pytest.fixture
def channel(service: Telnyx, settings: Settings) -> Iterator[TelnyxChannel]:
    settings.FAX_URL, settings.FAX_SECONDS = service.url, 2
    with TelnyxChannel(Account.from_settings()) as channel:
        yield channel


def failure_of(act: Callable[[], object]) -> tuple[Verdict, Phase, int]:
    """Return verdict, phase and code of the failure."""
    with pytest.raises(ChannelError) as failure:
        act()
    return failure.value.verdict, failure.value.phase, failure.value.code


def test_a_fax_is_uploaded_and_sent_once_with_the_name_of_its_attempt(
    service: Telnyx, channel: TelnyxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    assert not service.faxes

    receipt = channel.hand_over()

    (fax,) = service.faxes
    assert service.media[0].startswith(b"%PDF")
    assert (fax["id"], fax["to"], fax["from"]) == (receipt.reference, letter.to, "+12025550100")
    assert fax["media_name"] == "media-1"
    assert b64decode(fax["client_state"]).decode() == letter.attempt
    assert not fax["store_media"]


def test_what_was_prepared_can_be_handed_over_once(channel: TelnyxChannel, letter: Message) -> None:
    channel.prepare(letter)
    channel.hand_over()

    with pytest.raises(RuntimeError):
        channel.hand_over()


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(0, Verdict.RETRY), (401, Verdict.RETRY), (422, Verdict.FINAL), (429, Verdict.RETRY), (500, Verdict.RETRY)],
)
def test_a_failed_upload_has_sent_nothing(
    service: Telnyx, channel: TelnyxChannel, letter: Message, status: int, verdict: Verdict
) -> None:
    service.faults.append(Fault("/v2/media", status))

    assert failure_of(lambda: channel.prepare(letter)) == (verdict, Phase.ENVELOPE, status)
    assert not service.faxes


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(0, Verdict.UNKNOWN), (403, Verdict.RETRY), (422, Verdict.FINAL), (429, Verdict.RETRY), (503, Verdict.UNKNOWN)],
)
def test_a_failed_hand_over_is_unknown_unless_it_was_refused(
    service: Telnyx, channel: TelnyxChannel, letter: Message, status: int, verdict: Verdict
) -> None:
    channel.prepare(letter)
    service.faults.append(Fault("/v2/faxes", status))

    assert failure_of(channel.hand_over) == (verdict, Phase.BODY, status)


def test_a_service_that_is_not_there_is_tried_again(letter: Message) -> None:
    account = Account(f"http://127.0.0.1:{servers.free_port()}/v2", "1", "+12025550100", "KEY")

    assert failure_of(lambda: TelnyxChannel(account).prepare(letter)) == (Verdict.RETRY, Phase.CONNECT, 0)


@pytest.mark.parametrize("taken", [True, False])
def test_after_a_lost_answer_the_fax_is_found_by_the_name_of_its_attempt(
    service: Telnyx, channel: TelnyxChannel, letter: Message, *, taken: bool
) -> None:
    channel.prepare(letter)
    service.faults.append(Fault("/v2/faxes", after=taken))
    assert failure_of(channel.hand_over)[0] is Verdict.UNKNOWN
    for _ in range(120):  # more than a page of others
        service.faxes.append({"id": "other", "status": "queued", "client_state": ""})

    assert channel.report(letter.attempt) == (Report("fax-1") if taken else None)


def test_a_service_that_cannot_answer_is_no_evidence(service: Telnyx, channel: TelnyxChannel) -> None:
    service.faults.append(Fault("/v2/faxes", 500))
    assert failure_of(lambda: channel.report("attempt"))[0] is Verdict.RETRY
    service.faults.append(Fault("/v2/faxes/fax-1", 500))
    assert failure_of(lambda: channel.report("attempt", "fax-1"))[0] is Verdict.RETRY


@pytest.mark.parametrize(
    ("status", "more", "outcome"),
    [
        ("sending", {}, None),
        ("delivered", {"page_count": 2}, FaxOutcome.DELIVERED),
        ("failed", {"failure_reason": "user_busy"}, FaxOutcome.BUSY),
        ("failed", {"failure_reason": "receiver_no_answer"}, FaxOutcome.NO_ANSWER),
        ("failed", {"failure_reason": "receiver_unallocated_number"}, FaxOutcome.INVALID),
        ("failed", {"failure_reason": "service_unavailable"}, FaxOutcome.LINE),
        ("failed", {"failure_reason": "page_count_limit_exceeded"}, FaxOutcome.DOCUMENT),
        ("failed", {"failure_reason": "receiver_call_dropped"}, FaxOutcome.BROKEN_OFF),
        ("failed", {"failure_reason": "words of tomorrow"}, FaxOutcome.BROKEN_OFF),
    ],
)
def test_a_fax_ends_as_the_service_says(
    service: Telnyx,
    channel: TelnyxChannel,
    letter: Message,
    status: str,
    more: dict[str, object],
    outcome: FaxOutcome | None,
) -> None:
    channel.prepare(letter)
    reference = channel.hand_over().reference
    service.end(0, status, **more)

    report = channel.report(letter.attempt, reference)

    assert report
    assert (report.outcome, report.pages) == (outcome, more.get("page_count", 0))
    assert channel.report("another attempt", reference) is None


def test_a_number_at_extra_cost_is_never_asked_for(service: Telnyx, channel: TelnyxChannel, letter: Message) -> None:
    premium = replace(letter, to="+449098790000")

    assert failure_of(lambda: channel.prepare(premium)) == (Verdict.FINAL, Phase.BUILD, 0)
    assert not service.media


def test_fax_url_must_name_all_that_is_needed(settings: Settings) -> None:
    settings.FAX_URL = "telnyx://KEY@api.telnyx.com?connection=1&from=+12025550100"
    with pytest.raises(ImproperlyConfigured):
        Account.from_settings()

    settings.FAX_URL += "&public_key=a+b="
    account = Account.from_settings()
    assert (account.base, account.number, account.public_key) == (
        "https://api.telnyx.com/v2",
        "+12025550100",
        "a+b=",
    )
    assert "KEY" not in repr(account).replace("public_key", "")
