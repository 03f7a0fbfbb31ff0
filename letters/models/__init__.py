"""Models, a module a subject; import them from here."""

from letters.models.allowance import Allowance
from letters.models.bounces import Cause, ContactEvent, ReceivedMail, Verdict
from letters.models.captured import CapturedPost
from letters.models.delivery import Delivery
from letters.models.dossier import Dossier
from letters.models.encrypted import EncryptedTextField
from letters.models.fax import REDIAL, SILENT, FaxCall, FaxOutcome
from letters.models.letters import Addressing, Letter, LetterState, LetterText
from letters.models.log import DeliveryLog
from letters.models.proposal import Proposal
from letters.models.reply import Reply, ReplyState
from letters.models.reported import ReportedAction
from letters.models.running import Brake, Heartbeat
from letters.models.signatures import Signature, SignatureState
from letters.models.subscription import Mailing, MailingState, Pace, Subscription
from letters.models.transitions import DeliveryState, HoldReason, IllegalMoveError, OvertakenError

__all__ = [
    "REDIAL",
    "SILENT",
    "Addressing",
    "Allowance",
    "Brake",
    "CapturedPost",
    "Cause",
    "ContactEvent",
    "Delivery",
    "DeliveryLog",
    "DeliveryState",
    "Dossier",
    "EncryptedTextField",
    "FaxCall",
    "FaxOutcome",
    "Heartbeat",
    "HoldReason",
    "IllegalMoveError",
    "Letter",
    "LetterState",
    "LetterText",
    "Mailing",
    "MailingState",
    "OvertakenError",
    "Pace",
    "Proposal",
    "ReceivedMail",
    "Reply",
    "ReplyState",
    "ReportedAction",
    "Signature",
    "SignatureState",
    "Subscription",
    "Verdict",
]
