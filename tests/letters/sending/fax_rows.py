"""Faxes in the outbox, for tests."""

from letters.models import Delivery, Letter
from letters.sending import fax_calls, outbox, resolver
from letters.sending.tasks import drain
from tests.factories import make_campaign, make_contact, make_letter, make_office


def confirmed_faxes(number: int, *, time_zone: str = "") -> list[Delivery]:
    """Confirm so many letters that go to one office by fax, and return their deliveries."""
    campaign = make_campaign(make_office(make_contact("fax"), time_zone=time_zone))
    letters: list[Letter] = [make_letter(campaign) for _ in range(number)]
    assert all(outbox.confirm(letter) for letter in letters)
    return list(Delivery.objects.filter(letter__in=letters).order_by("pk"))


def turn() -> None:
    """Do what a sweep does for faxes: ask how calls ended, then hand over what is ready."""
    for step in (*resolver.STEPS, *fax_calls.STEPS):
        step()
    drain()


def states(faxes: list[Delivery]) -> list[str]:
    """Return where they stand."""
    return [Delivery.objects.get(pk=fax.pk).state for fax in faxes]
