"""How much somebody unknown may still do today: the token bucket behind every limit for the public."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class AllowanceManager(models.Manager["Allowance"]):
    def take(
        self,
        kind: str,
        who: str,
        price: float = 1,
        *,
        capacity: float,
        a_day: float = 0,
        gap: dt.timedelta | None = None,
    ) -> bool:
        """Take `price` tokens from the bucket of `who`; False, and nothing taken, when too few are left.

        Args:
            kind: what is limited; each kind has buckets of its own.
            who: a network or an address. It is stored only as a hash that nobody can link to yesterday's.
            price: tokens to take.
            capacity: tokens of a full bucket, which everybody has at the first take of a day.
            a_day: tokens that flow in within 24 hours, up to `capacity`.
            gap: time that must pass between two takes.
        """
        now = timezone.now()
        with transaction.atomic():
            bucket = self._bucket(kind, who, capacity, now)
            if gap and bucket.taken_at and now - bucket.taken_at < gap:
                return False
            since = now - (bucket.taken_at or now)
            tokens = min(capacity, bucket.tokens + a_day * (since / dt.timedelta(days=1)))
            if tokens < price:
                return False
            bucket.tokens, bucket.taken_at = tokens - price, now
            bucket.save(update_fields=["tokens", "taken_at"])
        return True

    def give_back(self, kind: str, who: str, price: float = 1) -> None:
        """Undo a `take` of today that turned out to harm nobody."""
        self.filter(key=key_today(kind, who)).update(tokens=models.F("tokens") + price)

    def _bucket(self, kind: str, who: str, capacity: float, now: dt.datetime) -> Allowance:
        """The bucket of today, locked; the first take of somebody new clears away those of past days."""
        bucket, is_new = self.select_for_update().get_or_create(
            key=key_today(kind, who), defaults={"tokens": capacity, "day": timezone.localdate(now)}
        )
        if is_new:
            past = self.filter(day__lt=bucket.day).select_for_update(skip_locked=True)
            self.filter(pk__in=list(past.values_list("pk", flat=True))).delete()
        return bucket


def key_today(kind: str, who: str) -> str:
    """HMAC of kind, day and `who`: no address and no network is stored, and no row can be followed over days."""
    return salted_hmac(f"letters.allowance.{kind}", f"{timezone.localdate()}:{who}", algorithm="sha256").hexdigest()


class Allowance(models.Model):
    """A token bucket of one day."""

    key = models.CharField(max_length=64, unique=True)
    day = models.DateField(_("day"), db_index=True)
    tokens = models.FloatField(_("tokens left"))
    taken_at = models.DateTimeField(_("last taken at"), null=True, blank=True)

    objects = AllowanceManager()

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")

    def __str__(self) -> str:
        return f"{self.day}: {self.tokens:.1f}"
