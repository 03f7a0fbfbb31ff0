"""The pages that print."""

from letters.printing.campaign import bulletin, bulletin_as_pdf, bulletin_as_text, leaflet, open_letter
from letters.printing.card import card
from letters.printing.resolution import resolution

__all__ = ["bulletin", "bulletin_as_pdf", "bulletin_as_text", "card", "leaflet", "open_letter", "resolution"]
