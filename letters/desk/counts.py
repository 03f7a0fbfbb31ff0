"""The coordinator's page: one query drives the table, the chart and the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Campaign, Channel
from letters.counting.exports import Export, TooManyRowsError, csv_lines, xlsx_file
from letters.counting.tallies import KEYS, NUMBERS, Scope, tally
from letters.desk.chart import bar_chart
from letters.models import Letter, ReportedAction

KEY_LABELS = {
    "campaign": _("campaign"),
    "office": _("office"),
    "channel": _("channel"),
    "country": _("country"),
    "language": _("language"),
    "day": _("day"),
}
ROWS_ON_PAGE = 500
LINES_A_CHUNK = 500
may_count = permission_required("letters.count_letter", raise_exception=True)


class CountsForm(forms.Form):
    """What to count. An empty form counts everything by campaign."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.order_by("slug"), required=False, label=_("Campaign"), empty_label=_("All campaigns")
    )
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.MultipleChoiceField(
        choices=[(key, KEY_LABELS[key]) for key in KEYS],
        required=False,
        label=_("By"),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return cleaned

    def export(self) -> Export:
        """What the form asks for."""
        campaign = self.cleaned_data["campaign"]
        scope = Scope([campaign.pk] if campaign else None, self.cleaned_data["since"], self.cleaned_data["until"])
        return Export(scope, self.cleaned_data["by"] or ["campaign"])


def presets(today: dt.date) -> Iterator[tuple[Any, str]]:
    """Yield ranges of days that are often asked for, as label and query."""
    month = today.replace(day=1)
    last = month - dt.timedelta(days=1)
    for label, since, until in (
        (_("last 7 days"), today - dt.timedelta(days=6), today),
        (_("this month"), month, today),
        (_("last month"), last.replace(day=1), last),
        (_("this year"), today.replace(month=1, day=1), today),
    ):
        yield label, f"since={since}&until={until}&by=day"


@may_count
def counts(request: HttpRequest) -> HttpResponse:
    form = CountsForm(request.GET)
    context = {**admin.site.each_context(request), "title": _("Counts"), "form": form, "numbers": NUMBERS}
    if form.is_valid():
        context |= page_of(form.export())
    context |= {"query": request.GET.urlencode(), "presets": list(presets(timezone.localdate()))}
    return render(request, "admin/letters/counts.html", context)


def page_of(export: Export) -> dict[str, Any]:
    """The table, its total and the chart."""
    rows = [readable(export.in_order, row) for row in islice(export.rows(), ROWS_ON_PAGE + 1)]
    total = tally(export.scope)
    return {
        "heads": [KEY_LABELS[key] for key in export.in_order],
        "rows": rows[:ROWS_ON_PAGE],
        "more": len(rows) > ROWS_ON_PAGE,
        "total": [getattr(total, number) for number in NUMBERS],
        "chart": bar_chart([(" · ".join(words), numbers) for words, numbers in rows]),
    }


def readable(keys: Sequence[str], row: Sequence[Any]) -> tuple[list[str], list[int]]:
    """The words and the numbers of an exported row, for people."""
    values, words = iter(row[: -len(NUMBERS)]), []
    for key in keys:
        word = next(values)
        if key in {"campaign", "office"}:
            word = next(values)
        words.append(str(NAMES.get(key, {}).get(word, word)) or str(_("not said")))
    return words, list(row[-len(NUMBERS) :])


# What codes are called on the page; files keep the codes.
NAMES: dict[str, dict[str, Any]] = {
    "channel": {**dict(Channel.choices), **dict(ReportedAction.Way.choices)},
    "country": dict(countries),
}


@may_count
def counts_csv(request: HttpRequest) -> HttpResponseBase:
    form = CountsForm(request.GET)
    if not form.is_valid():
        return refused(request)
    log_export(request, "CSV")
    lines = csv_lines(form.export(), bom="bom" in request.GET, preamble="bare" not in request.GET)
    response = StreamingHttpResponse(in_chunks(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name()}.csv"'
    return response


@may_count
def counts_xlsx(request: HttpRequest) -> HttpResponseBase:
    form = CountsForm(request.GET)
    if not form.is_valid():
        return refused(request)
    log_export(request, "XLSX")
    try:
        file = xlsx_file(form.export())
    except TooManyRowsError:
        messages.error(request, _("These are more rows than a sheet holds. CSV holds them all."))
        return redirect(f"{reverse('admin:letters_counts')}?{request.GET.urlencode()}")
    return FileResponse(file, as_attachment=True, filename=f"{file_name()}.xlsx")


def refused(request: HttpRequest) -> HttpResponse:
    """Back to the page, which says what is wrong with the query."""
    return redirect(f"{reverse('admin:letters_counts')}?{request.GET.urlencode()}")


def in_chunks(lines: Iterator[str]) -> Iterator[str]:
    """Yield many lines at once: a chunk a line would cost more than the line."""
    while chunk := "".join(islice(lines, LINES_A_CHUNK)):
        yield chunk


def file_name() -> str:
    return f"counts-{timezone.localdate()}"


def log_export(request: HttpRequest, kind: str) -> None:
    """Write down who took which counts away."""
    LogEntry.objects.create(
        user_id=request.user.id,  # type: ignore[misc]  # nobody without an id has the permission
        content_type=ContentType.objects.get_for_model(Letter),
        object_repr=f"{kind}: {request.GET.urlencode()}"[:200],
        action_flag=CHANGE,
        change_message="Exported counts.",
    )
