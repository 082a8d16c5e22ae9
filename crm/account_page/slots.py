"""Places on the account page that wings above fill, by URL. A slot is there once its URL exists and only for roles that may open it."""

from django.urls import NoReverseMatch, reverse

JUDGEMENT = ("segmentation:account-panel", "segmentation.view_standing")
JUDGEMENT_BADGE = ("segmentation:account-badge", "segmentation.view_standing")
JUDGEMENT_TAB = ("segmentation:account-judgement", "segmentation.view_standing")
LOAD = ("segmentation:account-load", "crm.view_billing")
GREEN_CHANNEL = ("marketing:account-panel", "marketing.view_proposal")
RETENTION = ("marketing:retention-panel", "marketing.view_retention")
DEVELOPMENT = ("marketing:development-panel", "marketing.view_prospect")
NEIGHBOURS = ("segmentation:account-neighbours", "segmentation.view_standing")
PORTFOLIO = ("segmentation:portfolio", "crm.view_account")
TICKET_NEW = ("crm:ticket-new", "crm.log_ticket")
TICKET = ("crm:ticket-detail", "crm.view_ticket")


def address(slot, user, *args) -> str:
    """The slot's URL, or "" when there is none for this person."""
    name, permission = slot
    if not user.has_perm(permission):
        return ""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
