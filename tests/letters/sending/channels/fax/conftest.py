"""A letter to fax."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from letters.sending.channels.contract import Message


@pytest.fixture
def letter() -> Message:
    """Return a letter that no other test sends."""
    return Message(
        message_id="4711@postbag.test",
        to="+442079460000",
        addressee="The Ambassador\nEmbassy of the Russian Federation",
        sender="letters@postbag.test",
        sender_name="Ada Lovelace via Postbag",
        return_path="bounce+4711@postbag.test",
        reply_to="r+4711@postbag.test",
        subject="The trial of the six",
        text="Dear Ambassador,\n\nplease release them.\n\nAda Lovelace",
        language="en",
        date=datetime(2026, 11, 21, 12, tzinfo=UTC),
        attempt=f"{uuid4().hex}@postbag.test.1",
    )
