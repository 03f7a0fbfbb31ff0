"""The fax service's jobs: every job that it took bears the name of our attempt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings

from letters.models import Delivery
from letters.sending.fax_calls import reports
from letters.sending.resolver.evidence import Evidence


def jobs(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """What the fax service says. No job means "not taken" only while the service can't have forgotten it."""
    surely = Delivery.objects.clock() - dt.timedelta(hours=settings.FAX_JOBS_KEPT_HOURS)
    return {
        row.pk: Evidence(taken=report is not None, source="fax service", reference=report.reference if report else "")
        for row, report in reports(rows)
        if report or (row.handed_over_at and row.handed_over_at > surely)
    }
