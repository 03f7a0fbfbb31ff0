"""What came back for a delivery: the words of verdicts and causes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What a mail that came to one of our own addresses is."""

    HARD = "hard", _("came back, and would come back again")
    SOFT = "soft", _("came back, but may work another time")
    DELAYED = "delayed", _("not there yet, still being tried")
    AUTO_REPLY = "auto-reply", _("an automatic answer")
    REPLY = "reply", _("an answer")
    OTHER = "other", _("none of these")


class Cause(models.TextChoices):
    """Why a mail came back, in words for an organiser."""

    NO_MAILBOX = "no_mailbox", _("there is no such mailbox")
    NO_DOMAIN = "no_domain", _("its domain does not exist or takes no mail")
    MOVED = "moved", _("the mailbox has moved")
    CLOSED = "closed", _("the mailbox is closed or switched off")
    FULL = "full", _("the mailbox is full")
    SIZE = "size", _("the mail was too large")
    SPAM = "spam", _("it was taken for spam or a virus")
    UNSIGNED = "unsigned", _("our domain’s SPF, DKIM or DMARC did not convince")
    POLICY = "policy", _("the office’s server refuses such mail or such senders")
    BUSY = "busy", _("the office’s server wants it later or slower")
    UNREACHABLE = "unreachable", _("the office’s server could not be reached in time")
    LOOP = "loop", _("the mail went round in circles")
    SERVER = "server", _("a server on the way had a fault")
    NOT_SAID = "not_said", _("no cause was given")
