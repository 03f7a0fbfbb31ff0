"""The journal is read by administrators and changed by nobody."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from tests.staff import make_administrator, make_staff

LIST = "admin:admin_logentry_changelist"


@pytest.fixture
def exported(client: Client, db: None) -> LogEntry:
    """Let a coordinator export something."""
    client.force_login(make_staff("coordinator"))
    client.get(reverse("admin:letters_counts_csv"), {"by": "day"})
    return LogEntry.objects.get()


def test_an_administrator_reads_who_took_which_counts(client: Client, exported: LogEntry) -> None:
    client.force_login(make_administrator())

    page = client.get(reverse(LIST)).content.decode()

    assert exported.user.username in page
    assert "by=day" in page


@pytest.mark.parametrize("role", ["organiser", "coordinator", "translator", "moderator"])
def test_others_do_not_read_it(role: str, client: Client, exported: LogEntry) -> None:
    client.force_login(make_staff(role))

    assert client.get(reverse(LIST)).status_code == 403


def test_not_even_an_administrator_changes_or_deletes_a_line(client: Client, exported: LogEntry) -> None:
    client.force_login(make_administrator())

    changed = client.post(reverse("admin:admin_logentry_change", args=[exported.pk]), {"object_repr": "nothing"})
    deleted = client.post(reverse("admin:admin_logentry_delete", args=[exported.pk]), {"post": "yes"})
    client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": [exported.pk], "post": "yes"})

    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert LogEntry.objects.get().object_repr == exported.object_repr
