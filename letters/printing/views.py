"""The pages that print."""

from letters.printing.campaign import bulletin, bulletin_as_pdf, bulletin_as_text, leaflet
from letters.printing.card import card

__all__ = ["bulletin", "bulletin_as_pdf", "bulletin_as_text", "card", "leaflet"]
