"""The organisers' pages: importing the rooms of the desk registers them."""

from campaigns.desk import campaign, offices, pages

__all__ = ["campaign", "offices", "pages"]
