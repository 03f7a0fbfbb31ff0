"""The receipt of a fax, on one page: when it was received, by which machine, and under which references."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from letters.models import FaxCall, FaxOutcome
from letters.models.fax import FaxCallQuerySet
from letters.paper.pdf import typeset
from letters.paper.renderer import Typeset


def receipt_pdf(call: FaxCall) -> Typeset:
    """Return the receipt of a delivered fax, in the language of the page that asks. It names no supporter.

    Raises:
        RenderingFailedError: there is none.
    """
    direction = "rtl" if get_language_bidi() else "ltr"
    context = {"call": call, "language": get_language() or "en", "direction": direction, "title": _("Fax receipt")}
    return typeset("pdf/receipt.html", context)


def receipt_response(calls: FaxCallQuerySet) -> HttpResponse:
    """Answer with the receipt among these calls; its file's name tells nothing.

    Raises:
        Http404: none of them was a success.
        RenderingFailedError: there is none just now.
    """
    related = calls.select_related("delivery__campaign", "delivery__target", "delivery__contact")
    call = get_object_or_404(related, outcome=FaxOutcome.DELIVERED)
    headers = {"Content-Disposition": 'attachment; filename="fax-receipt.pdf"'}
    return HttpResponse(receipt_pdf(call).pdf, content_type="application/pdf", headers=headers)
