"""Which channels there are. A new one is a file beside this, one line here, and one file of tests."""

from collections.abc import Callable

from campaigns.models import Channel as Kind
from letters.sending.channels.contract import Channel
from letters.sending.channels.fax.services import open_fax
from letters.sending.channels.mail import open_mail

CHANNELS: dict[str, Callable[[], Channel]] = {
    Kind.EMAIL: open_mail,
    Kind.FAX: open_fax,
}


def open_channel(kind: str) -> Channel:
    """The channel for `kind` as the settings describe it; nobody is contacted yet.

    Raises:
        KeyError: this site does not send that way.
        ImproperlyConfigured: the settings for it are missing or wrong.
    """
    return CHANNELS[kind]()
