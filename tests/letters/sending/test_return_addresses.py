"""What comes back finds its delivery, and what is made up finds none."""

import pytest

from letters.models import Delivery
from letters.sending import outbox
from letters.sending.return_addresses import Kind, address_for, delivery_for
from tests.factories import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    outbox.confirm(make_letter())
    return Delivery.objects.get()


@pytest.mark.parametrize("kind", Kind)
def test_an_address_finds_its_delivery_in_any_case_of_letters(delivery: Delivery, kind: Kind) -> None:
    address = address_for(delivery, kind)

    assert len(address.partition("@")[0]) <= 64
    assert delivery_for(address) == (kind, delivery)
    assert delivery_for(address.upper()) == (kind, delivery)


def test_an_address_that_was_changed_finds_nothing(delivery: Delivery) -> None:
    bounce, reply = (address_for(delivery, kind) for kind in (Kind.BOUNCE, Kind.REPLY))
    local, _, domain = bounce.partition("@")
    made_up = [
        bounce.replace("bounce+", "reply+"),
        reply.replace("reply+", "bounce+"),
        f"bounce+{delivery.pk + 1}.{local[-24:]}@{domain}",
        f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}",
        f"{local}@elsewhere.test",
        "",
        "office@ministry.test",
    ]
    assert [address for address in made_up if delivery_for(address)] == []
