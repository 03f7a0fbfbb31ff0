"""The supporter's pages, in the order in which they are met."""

from letters.writing.views.again import again
from letters.writing.views.asked import asked
from letters.writing.views.closed import csrf_failure
from letters.writing.views.events import propose_event, report_event
from letters.writing.views.fax import fax_preview
from letters.writing.views.letter import preview, write
from letters.writing.views.links import confirm, erase, receipt, status
from letters.writing.views.paper import own_mailbox, print_letter
from letters.writing.views.reporting import report_action
from letters.writing.views.signatories import signatories
from letters.writing.views.signing import sign, signature, signature_asked, signature_confirm, signature_erase
from letters.writing.views.ways import way

__all__ = [
    "again",
    "asked",
    "confirm",
    "csrf_failure",
    "erase",
    "fax_preview",
    "own_mailbox",
    "preview",
    "print_letter",
    "propose_event",
    "receipt",
    "report_action",
    "report_event",
    "sign",
    "signatories",
    "signature",
    "signature_asked",
    "signature_confirm",
    "signature_erase",
    "status",
    "way",
    "write",
]
