"""Models, a module a subject; import them from here."""

from prisoners.models.cases import Case, CaseMember, Charge, Custody, ResponsibleState, Sentence
from prisoners.models.people import Person, PersonName, PersonQuerySet, PersonRole
from prisoners.models.prisons import MailRules, Prison, PrisonerAddress, mail_rules_for
from prisoners.models.timeline import TimelineEntry, present_custody

__all__ = [
    "Case",
    "CaseMember",
    "Charge",
    "Custody",
    "MailRules",
    "Person",
    "PersonName",
    "PersonQuerySet",
    "PersonRole",
    "Prison",
    "PrisonerAddress",
    "ResponsibleState",
    "Sentence",
    "TimelineEntry",
    "mail_rules_for",
    "present_custody",
]
