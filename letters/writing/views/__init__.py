"""The supporter's pages, in the order in which they are met."""

from letters.writing.views.asked import asked
from letters.writing.views.closed import csrf_failure
from letters.writing.views.letter import write
from letters.writing.views.links import confirm, erase, status
from letters.writing.views.paper import own_mailbox, print_letter
from letters.writing.views.reporting import report_action

__all__ = [
    "asked",
    "confirm",
    "csrf_failure",
    "erase",
    "own_mailbox",
    "print_letter",
    "report_action",
    "status",
    "write",
]
