"""Models, a module a subject; import them from here."""

from letters.models.allowance import Allowance
from letters.models.delivery import Delivery, DeliveryLog, DeliveryState, HoldReason
from letters.models.encrypted import EncryptedTextField
from letters.models.letters import Addressing, Letter, LetterState, LetterText
from letters.models.reported import ReportedAction

__all__ = [
    "Addressing",
    "Allowance",
    "Delivery",
    "DeliveryLog",
    "DeliveryState",
    "EncryptedTextField",
    "HoldReason",
    "Letter",
    "LetterState",
    "LetterText",
    "ReportedAction",
]
