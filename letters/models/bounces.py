"""What comes back by mail, and what it says of the address that it came from."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import ContactDetail
from letters.models.delivery import Delivery
from letters.models.encrypted import EncryptedTextField


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


class ReceivedMail(models.Model):
    """A mail that came to one of our addresses, by its digest alone: each is taken in once, whichever way it comes."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the mail as it came.")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, blank=True, related_name="mails_back")

    class Meta:
        verbose_name = _("mail that came in")
        verbose_name_plural = _("mails that came in")

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_verdict_display()})"


class ContactEventQuerySet(models.QuerySet["ContactEvent"]):
    def of(self, contact: ContactDetail) -> ContactEventQuerySet:
        """Events of an address, the latest first."""
        return self.filter(contact=contact).order_by("-pk")

    def counting(self, contact: ContactDetail, within: dt.timedelta) -> list[ContactEvent]:
        """What came back from an address lately, since something arrived there or an organiser set it right."""
        found = self.of(contact).filter(at__gt=timezone.now() - within)
        good = found.filter(kind__in=[ContactEvent.Kind.ARRIVED, ContactEvent.Kind.RESTORED]).values("pk")[:1]
        since = good[0]["pk"] if good else 0
        return list(found.filter(pk__gt=since, kind__in=[ContactEvent.Kind.HARD, ContactEvent.Kind.SOFT]))


class ContactEvent(models.Model):
    """Something that tells whether an address works: a bounce, an answer, an organiser who knows."""

    class Kind(models.TextChoices):
        HARD = "hard", _("a letter came back for good")
        SOFT = "soft", _("a letter came back, for now")
        DELAYED = "delayed", _("a letter is late")
        ARRIVED = "arrived", _("something answered")
        RESTORED = "restored", _("marked as working by an organiser")

    contact = models.ForeignKey(ContactDetail, models.CASCADE, related_name="mail_events", verbose_name=_("address"))
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, blank=True, related_name="contact_events", verbose_name=_("delivery")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    kind = models.CharField(_("what happened"), max_length=8, choices=Kind.choices)
    cause = models.CharField(_("cause"), max_length=11, choices=Cause.choices, blank=True)
    status = models.CharField(_("code"), max_length=12, blank=True, help_text=_("RFC 3463, such as 5.1.1."))
    words = EncryptedTextField(_("in the words of the server"), blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))

    objects = ContactEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of an address")
        verbose_name_plural = _("events of addresses")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["contact", "at"], name="events_of_an_address")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="restored") | Q(delivery__isnull=False), name="an_event_of_mail_is_of_a_delivery"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%Y-%m-%d})"
