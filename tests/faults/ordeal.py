"""One run: letters are confirmed, workers send them, and meanwhile everything breaks that can."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.models import F
from redis import Redis

from campaigns.models import Campaign, CampaignTarget, Channel
from letters.models import Addressing, Delivery, DeliveryLog, DeliveryState, Letter
from letters.sending import outbox, resolver
from tests import servers
from tests.factories import add_office, make_campaign, make_letter, make_office
from tests.faults.crew import Crew
from tests.faults.plan import COPIES, OFFICES, Plan
from tests.faults.relay import Relay
from tests.invariants import waiting

S = DeliveryState
PATIENCE_SECONDS = 240
LEASES = {"LEASE_SENDING_SECONDS": "6", "LEASE_HANDING_OVER_SECONDS": "4"}
SLEEP_SECONDS = 8
CLICK_SECONDS = 0.1
DAY = dt.timedelta(hours=25)


class Ordeal:
    """What breaks, in an order that the seed decides, spread over the messages that arrive."""

    def __init__(self, plan: Plan, chance: random.Random, crew: Crew, relay: Relay, redis: Broker) -> None:
        self.plan, self.chance, self.crew, self.relay, self.redis = plan, chance, crew, relay, redis

    def endure(self) -> None:
        """Let it all happen."""
        deeds = self.deeds()
        goals = sorted(self.chance.sample(range(1, int(self.plan.deliveries * 0.9)), len(deeds)))
        for goal, deed in zip(goals, deeds, strict=True):
            self.wait_until(lambda goal=goal: len(self.relay.received) >= goal)  # type: ignore[misc]  # mypy can't infer it
            time.sleep(self.chance.random() / 20)
            deed()
        self.redis.wait()

    def recover(self) -> None:
        """Wait until nothing is on its way any more."""
        self.wait_until(lambda: waiting() == 0)

    def deeds(self) -> list[Callable[[], None]]:
        plan, crew = self.plan, self.crew
        found: list[Callable[[], None]] = [lambda: crew.kill(self.chance)] * plan.kills
        found += [lambda: crew.sleep(self.chance, SLEEP_SECONDS)] * plan.sleeps
        found += [crash_database] * plan.crashes
        found += [crew.deploy] * plan.deploys
        found += [self.redis.flush] * plan.flushes
        found += [lambda: self.redis.pause(plan.without_redis)]
        self.chance.shuffle(found)
        return found

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait, with a hand on the clock: what was put off for a minute is due at once."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            Delivery.objects.filter(state=S.DEFERRED).update(next_attempt_at="2001-01-01T00:00Z")
            self.crew.keep_up()
            assert time.monotonic() < deadline, f"waited in vain with {waiting()} on their way"
            time.sleep(0.1)


class Broker:
    """A Redis server that can be emptied and taken away."""

    def __init__(self) -> None:
        self.address = servers.new_redis_address()
        self._server = servers.Server("redis", self.address)
        self._absence = threading.Thread()

    def flush(self) -> None:
        """Let it forget everything, unless it is away."""
        if not self._absence.is_alive():
            Redis.from_url(self.address).flushall()

    def pause(self, seconds: float) -> None:
        """Stop it for so long; meanwhile the rest goes on."""
        self._absence = threading.Thread(target=self._be_away, args=[seconds])
        self._absence.start()

    def _be_away(self, seconds: float) -> None:
        self._server.stop()
        time.sleep(seconds)
        self._server = servers.Server("redis", self.address)

    def wait(self) -> None:
        """Wait until it is there."""
        if self._absence.is_alive():
            self._absence.join()

    def stop(self) -> None:
        self.wait()
        self._server.stop()


def crash_database() -> None:
    """Shut PostgreSQL down at once, with everybody connected; it recovers from its log."""
    servers.crash_postgres(settings.DATABASE_URL)
    connection.close()


def write_letters(plan: Plan) -> list[Letter]:
    """Letters that wait for their confirmation, to offices and with visible copies, in one campaign."""
    campaign = make_campaign(*(make_office() for _ in range(OFFICES)))
    for _ in range(COPIES):
        add_office(campaign, make_office(), level=CampaignTarget.Level.COPY)
    first = make_letter(campaign)
    same = [field.attname for field in Letter._meta.concrete_fields if field.attname not in {"id", "public_id"}]
    again = {name: getattr(first, name) for name in same}
    own = [{"form_key": f"form {n}", "person_key": f"person {n}", "name": f"Vera {n}"} for n in range(plan.letters - 1)]
    letters = [first, *Letter.objects.bulk_create(Letter(**again | fields) for fields in own)]
    Addressing.objects.bulk_create(addressing for letter in letters[1:] for addressing in address(campaign, letter))
    return letters


def address(campaign: Campaign, letter: Letter) -> Iterator[Addressing]:
    text = f"Уважаемый прокурор,\n\nI am letter {letter.pk} and arrive once.\n.\n\nYours sincerely,\n\n{letter.name}"
    for office in campaign.targets.all():
        assert office.target
        yield Addressing(
            letter=letter, office=office, target=office.target, channel=Channel.EMAIL, language="en", text=text
        )


@contextmanager
def confirming(letters: list[Letter], pace: float) -> Iterator[None]:
    """Confirm the letters, half of them at once and the others meanwhile, however often the database goes away."""
    half = len(letters) // 2
    for letter in letters[:half]:
        assert outbox.confirm(letter)
    over = threading.Event()
    clicks = threading.Thread(target=click, args=[letters[half:], pace, over])
    clicks.start()
    try:
        yield
        clicks.join()
    finally:
        over.set()
        clicks.join()


def click(letters: list[Letter], pace: float, over: threading.Event) -> None:
    """Press the button of each letter, again when the page shows an error, as a person does."""
    for letter in letters:
        while not over.is_set():
            try:
                outbox.confirm(letter)
                break
            except Error:
                connection.close()
                time.sleep(0.1)
        over.wait(pace)
    connection.close()


def run(plan: Plan, seed: int, hire: Callable[..., Crew], broker: Broker, folder: Path, *more: str) -> Relay:
    """Have letters confirmed and sent while everything breaks, until nothing is on its way; return who took them.

    Args:
        plan: how much of everything.
        seed: which faults, and in which order.
        hire: starts the workers that send to a relay.
        broker: theirs.
        folder: for the relay's log.
        more: more arguments for the workers.
    """
    chance = random.Random(seed)
    relay = Relay(chance, folder / "mail.log")
    relay.plan(plan.deliveries)
    crew = hire(relay, *more)
    ordeal = Ordeal(plan, chance, crew, relay, broker)
    with confirming(write_letters(plan), CLICK_SECONDS):
        ordeal.endure()
    ordeal.recover()
    crew.dismiss()
    return relay


def unknown_so_far() -> set[str]:
    """The Message-IDs of which nobody knew at some moment whether they were taken."""
    return set(DeliveryLog.objects.filter(to_state=S.UNKNOWN).values_list("delivery__message_id", flat=True))


def settle() -> None:
    """Ask the evidence, and a day later once more, when the rest is left to an organiser."""
    resolver.resolve()
    Delivery.objects.filter(state=S.UNKNOWN).update(handed_over_at=F("handed_over_at") - DAY)
    resolver.resolve()
