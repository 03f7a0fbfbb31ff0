"""`/metrics` for Prometheus: how the outbox does, asked of the database when it is scraped.

No number here is about a person or an office: who wrote, and to whom, can't be read from it.
"""

import datetime as dt
import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from campaigns.models import SENT_BY_US, ContactDetail, ContactState
from letters.counting import traffic
from letters.models import Delivery, DeliveryState, Letter, LetterState

UNAUTHORISED = 401
KINDS = ("letter", "service")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the metrics to whoever has METRICS_TOKEN; without that setting there is no such page.

    Raises:
        Http404: METRICS_TOKEN is not set.
    """
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=UNAUTHORISED, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


class Outbox(Collector):
    """What the database knows at the moment of the scrape."""

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; each is a gauge, since the rows and not this process are what counts."""
        now = timezone.now()
        yield from of_deliveries()
        yield from of_hours(now)
        yield from of_life()
        yield from of_desk()

    def describe(self) -> list[Metric]:
        """Return nothing: the registry asks at start, and nobody may ask the database then."""
        return []


def of_deliveries() -> Iterator[Metric]:
    """What there is and how long it has waited."""
    heaps = traffic.heaps()
    found = gauge("deliveries", "Deliveries by kind, state and channel.", "kind", "state", "channel")
    numbers = {(heap.kind, heap.state, heap.channel): heap.number for heap in heaps}
    # Every series is there from the start: an alert on what has never been seen would be silent.
    every = [(kind, state.value, channel.value) for kind in KINDS for state in DeliveryState for channel in SENT_BY_US]
    for labels in sorted({*every, *numbers}):
        found.add_metric(labels, numbers.get(labels, 0))
    yield found
    waits = gauge("oldest_waiting_seconds", "How long the oldest that is queued or put off has waited.", "kind")
    for kind in KINDS:
        waits.add_metric([kind], traffic.oldest_wait(heaps, kind).total_seconds())
    yield waits
    yield single("oldest_due_seconds", "How long what is due longest has waited.", traffic.oldest_due())
    yield single("letters_ready", "Letters that nothing stands against but the pace.", letters_ready())


def letters_ready() -> int:
    """How many letters could leave now if their lanes were free."""
    return Delivery.objects.due().free_to_leave().letters().count()


def of_hours(now: dt.datetime) -> Iterator[Metric]:
    """What left and what broke lately."""
    left = gauge("handed_over_last_hour", "Letters handed over within an hour.", "channel")
    by_channel = traffic.handed_over_since(now - traffic.HOUR)
    for channel in SENT_BY_US:
        left.add_metric([channel.value], by_channel.get(channel.value, 0))
    yield left
    good = sum(traffic.handed_over_since(now - traffic.DAY).values())
    broken = traffic.broken_since(now - traffic.DAY)
    ends = gauge("ended_last_day", "Letters by how they ended within a day.", "end")
    for end, number in (("handed_over", good), *((s.value, broken.get(s.value, 0)) for s in BROKEN)):
        ends.add_metric([end], number)
    yield ends
    bad = sum(broken.values())
    yield single(
        "bounce_ratio_last_day", "Failed or came back, of all that ended within a day.", bad / max(bad + good, 1)
    )


BROKEN = (DeliveryState.FAILED, DeliveryState.BOUNCED)


def of_life() -> Iterator[Metric]:
    """Who works, and what is stopped."""
    life = traffic.Life.now()
    beats = gauge("heartbeat_age_seconds", "Since the last sign of life; +Inf when there was none in a day.", "of")
    for name, age in (("worker", life.worker), ("sweep", life.sweep)):
        beats.add_metric([name], age.total_seconds() if age is not None else float("inf"))
    yield beats
    stopped = traffic.brakes()
    brakes = gauge("brake_on", "Whether sending is stopped, by channel or for everything.", "channel")
    for name in ("everything", *(channel.value for channel in SENT_BY_US)):
        brakes.add_metric([name], name in stopped)
    yield brakes
    yield single("capture_mode", "Whether the site keeps what it would send.", settings.DELIVERY_MODE == "capture")


def of_desk() -> Iterator[Metric]:
    """What waits for somebody."""
    pending = Letter.objects.filter(state=LetterState.PENDING).count()
    yield single("confirmations_pending", "Letters that wait for their confirmation.", pending)
    waiting = (kind._default_manager.filter(state=state).count() for kind, state, _came in traffic.MODERATED)
    yield single("moderation_waiting", "Reports, signatures, events and answers to be moderated.", sum(waiting))
    bounced = ContactDetail.objects.filter(state=ContactState.BOUNCED).count()
    yield single("addresses_bounced", "Addresses of the directory that bounced.", bounced)


def gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    """Return an empty family of ours."""
    return GaugeMetricFamily(f"postbag_{name}", text, labels=labels)


def single(name: str, text: str, value: float | dt.timedelta) -> GaugeMetricFamily:
    """Return a metric without labels."""
    number = value.total_seconds() if isinstance(value, dt.timedelta) else float(value)
    return GaugeMetricFamily(f"postbag_{name}", text, value=number)


REGISTRY = CollectorRegistry(auto_describe=False)
REGISTRY.register(Outbox())
