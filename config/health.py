"""`/healthz`: whether the site does its work, for a watchdog outside; `/healthz/web`, for a load balancer."""

from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from letters.counting.traffic import Life, oldest_due

BROKER_SECONDS = 2


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and broker can be reached and the outbox is swept, else 503; with the ages behind it.

    `oldest_due_seconds`: what is due longest has waited so long. `worker_seen_seconds`, `sweep_seen_seconds`: the last
    sign of life of a worker, and of a whole round of beat, broker and worker; null when there was none yet.
    """
    try:
        due, life = oldest_due(), Life.now()
    except DatabaseError:
        connection.close()
        return report({"database": False, "broker": broker_answers(), "sweep": False})
    ages = {"oldest_due": due, "worker_seen": life.worker, "sweep_seen": life.sweep}
    parts = {"database": True, "broker": broker_answers(), "sweep": not life.sweep_is_dead(due)}
    return report(parts, {f"{name}_seconds": seconds(value) for name, value in ages.items()})


@never_cache
@require_safe
def web(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while this process can serve pages, whatever became of the worker: letters are kept until it is back.

    A load balancer that asked `/healthz` would take every web process away when a worker dies.
    """
    try:
        connection.ensure_connection()
        connection.cursor().execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return report({"database": False})
    return report({"database": True})


def report(parts: dict[str, bool], ages: dict[str, int | None] | None = None) -> JsonResponse:
    """Return what was found; 503 when a part is not well."""
    status = HTTPStatus.OK if all(parts.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({**parts, **(ages or {})}, status=status)


def seconds(age: timedelta | None) -> int | None:
    """Return a number for the report."""
    return int(age.total_seconds()) if age is not None else None


def broker_answers() -> bool:
    """Say whether a message could be published now."""
    # What kombu's transports raise differs from one to the next; each of them means no.
    with suppress(Exception), current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        return True
    return False
