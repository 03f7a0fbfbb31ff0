"""Models, a module a subject; import them from here."""

from campaigns.models.addressing import CampaignTarget, LetterPoint, ModelLetter
from campaigns.models.asks import Ask, Demand, Rebuttal, ReportedFigure, Resource
from campaigns.models.campaigns import UNPUBLISHED, Campaign, CampaignState, CopyAddress, Reference, Tag
from campaigns.models.facts import KeptFacts
from campaigns.models.news import Endorsement, Event, EventPlace, Update
from campaigns.models.offices import (
    FOR_LETTERS,
    SENT_BY_US,
    SOCIAL,
    USABLE,
    Channel,
    ContactDetail,
    ContactState,
    MissionCoverage,
    OfficeHolder,
    PostalNotice,
    Target,
    TargetContact,
)
from campaigns.models.organisations import CampaignOrganisation, Organisation
from campaigns.models.site import SiteIdentity

__all__ = [
    "FOR_LETTERS",
    "SENT_BY_US",
    "SOCIAL",
    "UNPUBLISHED",
    "USABLE",
    "Ask",
    "Campaign",
    "CampaignOrganisation",
    "CampaignState",
    "CampaignTarget",
    "Channel",
    "ContactDetail",
    "ContactState",
    "CopyAddress",
    "Demand",
    "Endorsement",
    "Event",
    "EventPlace",
    "KeptFacts",
    "LetterPoint",
    "MissionCoverage",
    "ModelLetter",
    "OfficeHolder",
    "Organisation",
    "PostalNotice",
    "Rebuttal",
    "Reference",
    "ReportedFigure",
    "Resource",
    "SiteIdentity",
    "Tag",
    "Target",
    "TargetContact",
    "Update",
]
