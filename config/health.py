"""`/healthz`: whether this process can do its work, for a load balancer or a monitor."""

from contextlib import suppress
from datetime import timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from letters.models import Delivery, DeliveryState, Heartbeat

BROKER_SECONDS = 2


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and broker can be reached, else 503, with the ages that tell how the outbox does.

    `oldest_due_seconds` (what waits longest) and `worker_seen_seconds` (a worker's last sign of life, null when there
    was none in a day) grow when no worker runs: alarm on them.
    """
    waiting = oldest_due()
    report = {"database": waiting is not None, "broker": broker_answers()}
    ages = {"oldest_due_seconds": seconds(waiting), "worker_seen_seconds": seconds(worker_seen())}
    return JsonResponse({**report, **ages}, status=200 if all(report.values()) else 503)


def seconds(age: timedelta | None) -> int | None:
    """Return a number for the report."""
    return int(age.total_seconds()) if age is not None else None


def worker_seen() -> timedelta | None:
    """Return how long ago a worker last gave a sign of life, None when nobody knows."""
    with suppress(DatabaseError):
        last = Heartbeat.objects.aggregate(last=Max("at"))["last"]
        return max(timezone.now() - last, timedelta()) if last else None
    return None


def oldest_due() -> timedelta | None:
    """Return how long the delivery that is due longest has waited (zero when none is), None without a database."""
    now = timezone.now()
    try:
        due = Delivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.DEFERRED])
        since = due.aggregate(since=Min(Coalesce("next_attempt_at", "created_at")))["since"]
    except DatabaseError:
        connection.close()
        return None
    return max(now - since, timedelta()) if since else timedelta()


def broker_answers() -> bool:
    """Say whether a message could be published now."""
    # What kombu's transports raise differs from one to the next; each of them means no.
    with suppress(Exception), current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        return True
    return False
