from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DECIDES = ("view_letter", "read_letter", "view_delivery", "decide_delivery", "view_capturedpost")
ANSWERS = ("view_reply", "decide_reply")
DOSSIERS = ("view_dossier", "add_dossier", "delete_dossier")
PROPOSED = ("view_proposal", "decide_proposal")
SIGNS = ("view_signature", "decide_signature")
MAILS = ("view_mailing", "confirm_mailing")
STOPS = ("add_brake", "delete_brake")
REPORTS = ("view_reportedaction", "add_reportedaction", "change_reportedaction")


class LettersConfig(AppConfig):
    name = "letters"
    verbose_name = _("Letters")
    # See campaigns.desk.roles. Nobody adds, changes or deletes letters and deliveries here.
    role_permissions = {
        "organiser": (*DECIDES, *ANSWERS, *STOPS, *DOSSIERS, *REPORTS, *SIGNS, *PROPOSED, *MAILS, "count_letter"),
        "coordinator": (*REPORTS, "count_letter"),
        "moderator": (*DECIDES, *ANSWERS, *SIGNS, *PROPOSED, "view_reportedaction", "change_reportedaction"),
    }
