"""The coordinator's page: the table, the chart and the files come from one query."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from letters.counting.recount import recount
from letters.counting.tallies import NUMBERS, Scope
from letters.desk.chart import bar_chart
from tests.letters.counting.conftest import campaign, fill
from tests.staff import make_staff

__all__ = ["campaign"]
COUNTS = "admin:letters_counts"
FILES = ["admin:letters_counts_csv", "admin:letters_counts_xlsx"]


@pytest.fixture
def coordinator(client: Client, db: None) -> Client:
    client.force_login(make_staff("coordinator"))
    return client


def test_page_file_and_rows_say_the_same(coordinator: Client, campaign: Campaign) -> None:
    fill(campaign, 11)
    query = f"?campaign={campaign.pk}&by=channel&by=country"
    rows = recount(Scope([campaign.pk]), ("channel", "country"))

    page = coordinator.get(reverse(COUNTS) + query)
    file = coordinator.get(f"{reverse(FILES[0])}{query}&bare=1")

    _header, *lines = csv.reader(io.StringIO(file.getvalue().decode()))
    in_file = {(line[0], line[1]): [int(n) for n in line[2:]] for line in lines}
    assert in_file == {key: [rows[number][key] for number in NUMBERS] for key in {k for c in rows.values() for k in c}}
    assert sorted(counted for _words, counted in page.context["rows"]) == sorted(in_file.values())
    handed_over = list(NUMBERS).index("handed_over")
    assert page.context["total"][handed_over] == sum(line[handed_over] for line in in_file.values())


@pytest.mark.parametrize("role", ["organiser", "coordinator", "translator", "moderator", ""])
@pytest.mark.parametrize("name", [COUNTS, *FILES])
def test_only_those_who_count_get_counts(role: str, name: str, client: Client, db: None) -> None:
    client.force_login(make_staff(*[role] if role else []))

    assert client.get(reverse(name)).status_code == (200 if role in {"organiser", "coordinator"} else 403)


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_written_down(name: str, coordinator: Client) -> None:
    coordinator.get(reverse(name), {"by": "day"})

    entry = LogEntry.objects.get()
    assert entry.object_repr.endswith("by=day")
    assert entry.user.groups.get().name == "coordinator"


@pytest.mark.parametrize("query", [{"since": "2026-03-02", "until": "2026-03-01"}, {"by": "name"}, {"since": "soon"}])
@pytest.mark.parametrize("name", FILES)
def test_a_query_that_makes_no_sense_leads_back_to_the_page_which_says_why(
    name: str, query: dict[str, str], coordinator: Client
) -> None:
    response = coordinator.get(reverse(name), query, follow=True)

    assert response.redirect_chain
    assert response.context["form"].errors
    assert not LogEntry.objects.exists()


def test_the_chart_has_a_bar_for_each_number_that_is_not_zero() -> None:
    chart = bar_chart([("Norway", [10, 5, 0, 0, 0, 0]), ("Nowhere", [0, 0, 0, 0, 0, 0])])

    assert [row.label for row in chart.rows] == ["Norway"]
    long, short = chart.rows[0].bars
    assert (long.width, long.number, short.number) == (2 * short.width, 10, 5)
    assert long.pattern != short.pattern


def test_the_page_has_no_inline_style_or_script(coordinator: Client, campaign: Campaign) -> None:
    fill(campaign, 1)

    html = coordinator.get(reverse(COUNTS), {"by": "day"}).content.decode()

    assert "<svg" in html
    assert " style=" not in html
    assert "<script>" not in html
