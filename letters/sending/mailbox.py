"""A mailbox of ours on an IMAP server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted

SECONDS = 30
# What goes wrong with a mailbox: it can't be reached, does not let us in, or says what it should not.
MailboxError = (OSError, IMAP4.error, ImapToolsError)


@contextmanager
def opened(address: str) -> Iterator[BaseMailBox]:
    """The folder that `imaps://user:password@host/folder` names; without one, INBOX.

    Raises:
        OSError, IMAP4.error, ImapToolsError: it can't be reached, or does not let us in.
    """
    url = urlsplit(address)
    host, folder = url.hostname or "", unquote(url.path.strip("/")) or "INBOX"
    if url.scheme == "imaps":
        # Python's own default for IMAP looks at no certificate.
        mailbox: BaseMailBox = MailBox(host, url.port or 993, timeout=SECONDS, ssl_context=ssl.create_default_context())
    else:
        mailbox = MailBoxUnencrypted(host, url.port or 143, timeout=SECONDS)
    with mailbox.login(unquote(url.username or ""), unquote(url.password or ""), initial_folder=folder):
        yield mailbox
