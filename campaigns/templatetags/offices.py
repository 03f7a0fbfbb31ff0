"""Filters that print an office's addresses."""

import phonenumbers
from django import template

from campaigns.models import SOCIAL, Channel, ContactDetail, Target

register = template.Library()


@register.filter
def address(contact: ContactDetail) -> str:
    """Print an address as people write it: numbers in groups, accounts with their @."""
    if contact.channel in (Channel.PHONE, Channel.FAX):
        number = phonenumbers.parse(contact.value)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"@{contact.value}" if contact.channel in SOCIAL else contact.value


@register.filter
def contacts(office: Target) -> list[ContactDetail]:
    """Return an office's addresses in its own order; its `target_contacts` are best prefetched."""
    return [row.contact for row in office.target_contacts.all()]
