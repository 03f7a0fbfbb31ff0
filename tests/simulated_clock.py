"""A clock that a test moves: the database's and Python's at once. Nothing in the code under test knows of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import time_machine
from django.db import connection

# Now() is STATEMENT_TIMESTAMP(), which PostgreSQL looks up along the search path of the session.
SET_UP = """
CREATE SCHEMA simulated;
CREATE FUNCTION simulated.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
    AS $$ SELECT current_setting('simulated.now')::timestamptz $$;
SET search_path TO simulated, public, pg_catalog;
"""
TEAR_DOWN = "RESET search_path; DROP SCHEMA simulated CASCADE;"


@contextmanager
def simulated_clock(start: dt.datetime) -> Iterator[Callable[[dt.datetime], None]]:
    """Stop both clocks at `start` and return the function that sets them. It needs PostgreSQL."""
    with time_machine.travel(start, tick=False) as traveller, connection.cursor() as cursor:

        def set_to(moment: dt.datetime) -> None:
            traveller.move_to(moment)
            cursor.execute("SELECT set_config('simulated.now', %s, false)", [moment.isoformat()])

        set_to(start)
        cursor.execute(SET_UP)
        yield set_to
        cursor.execute(TEAR_DOWN)
