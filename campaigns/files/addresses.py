"""The addresses of offices: one row for each machine or mailbox, however many offices share it."""

from __future__ import annotations

from typing import cast

from django.db import models

from campaigns.files.offices import FORBIDDEN, LINK, LOST
from campaigns.files.schema import Item
from campaigns.files.writer import Writer
from campaigns.models import Channel, ContactDetail, ContactState, Target, TargetContact


def write_contacts(writer: Writer, office: models.Model, items: list[Item]) -> None:
    """Add the addresses of an office; those it has already keep their place in the order."""
    links = list(TargetContact.objects.filter(target=cast("Target", office)).select_related("contact"))
    rest, position = list(links), len(links)
    for item in items:
        channel = next((channel for channel in Channel.values if channel in item.values), None)
        if channel is None:
            continue
        value, state = item.values[channel]
        link = next((link for link in rest if _is(link.contact, channel, value, state)), None)
        if link is not None:
            rest.remove(link)
        contact = writer.row(
            item, _contact(link, channel, value), channel=channel, value=value, state=state or ContactState.UNVERIFIED
        )
        if contact is None:
            continue
        about_link = Item(LINK, item.place, values=item.values, places=item.places)
        writer.row(about_link, link, target=office, contact=contact, position=position)
        position += link is None


def _contact(link: TargetContact | None, channel: str, value: str) -> ContactDetail | None:
    """The row that the directory has for an address; a lost one belongs to its office alone."""
    if link is not None:
        return link.contact
    return ContactDetail.objects.filter(channel=channel, value=value).first() if value else None


def _is(contact: ContactDetail, channel: str, value: str, state: str) -> bool:
    """Whether a file means `contact`: by its value, or by why it has none."""
    return (contact.channel, contact.value) == (channel, value) and (bool(value) or contact.state == state)


def address_in_words(contact: ContactDetail) -> str:
    """The address as a file writes it."""
    return contact.value or (LOST if contact.state == ContactState.LOST else FORBIDDEN)
