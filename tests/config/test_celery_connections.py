"""Tasks share a connection to the database for long, and survive its loss."""

import pytest
from celery import signals
from django.db import connection

from campaigns.models import Campaign


@pytest.mark.django_db(transaction=True)
def test_a_task_starts_with_a_connection_that_works() -> None:
    assert not Campaign.objects.exists()
    connection.connection.close()  # as a server does that crashes

    signals.task_prerun.send(sender=None)

    assert not Campaign.objects.exists()
