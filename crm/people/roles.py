"""Roles are code: what each may do, in one table. A unit decides *whose* accounts (see `AccountQuerySet.visible_to`), a role decides *what* with them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    MANAGER = "manager", _("Customer manager")
    AGENT = "agent", _("Call-centre agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


EVERYONE = {
    "crm.view_account",
    "crm.view_customer",
    "crm.view_ticket",
    "crm.view_call",
    "crm.view_billing",
    "crm.export",
    "crm.save_view",
    "crm.view_data_sources",
}

PERMISSIONS = {
    Role.MANAGER: EVERYONE
    | {
        "crm.view_desk",
        "crm.log_ticket",
        "crm.work_ticket",
        "crm.take_calls",
        "crm.log_visit",
        "segmentation.view_standing",
        "segmentation.view_report",
        "segmentation.view_group",
        "segmentation.view_segment",
        "segmentation.edit_segment",
        "marketing.view_proposal",
        "marketing.view_prospect",
        "marketing.propose",
        "marketing.view_retention",
        "marketing.run_retention",
        "marketing.view_market",
        "marketing.note_loss",
        "marketing.develop",
    },
    Role.AGENT: EVERYONE
    | {"crm.log_ticket", "crm.work_ticket", "crm.work_every_ticket", "crm.take_calls", "crm.reveal", "segmentation.view_standing"},
    Role.SUPERVISOR: EVERYONE
    | {
        "crm.view_desk",
        "crm.log_ticket",
        "crm.work_ticket",
        "crm.work_every_ticket",
        "crm.take_calls",
        "crm.log_visit",
        "crm.edit_desk",
        "crm.view_wall",
        "crm.view_routing",
        "crm.edit_absence",
        "crm.view_audit",
        "crm.view_people",
        "crm.assign_manager",
        "segmentation.view_standing",
        "segmentation.view_report",
        "segmentation.view_group",
        "segmentation.view_segment",
        "segmentation.edit_segment",
        "segmentation.share_segment",
        "segmentation.schedule_report",
        "segmentation.view_run",
        "segmentation.view_policy",
        "segmentation.approve_policy",
        "segmentation.view_risk_model",
        "segmentation.approve_risk_model",
        "marketing.view_proposal",
        "marketing.view_prospect",
        "marketing.propose",
        "marketing.develop",
        "marketing.decide",
        "marketing.revoke",
        "marketing.view_retention",
        "marketing.run_retention",
        "marketing.release_holdout",
        "marketing.view_market",
        "marketing.note_loss",
    },
    Role.ANALYST: EVERYONE
    | {
        "segmentation.view_standing",
        "segmentation.view_report",
        "segmentation.view_group",
        "segmentation.view_segment",
        "segmentation.edit_segment",
        "segmentation.share_segment",
        "segmentation.schedule_report",
        "segmentation.view_run",
        "segmentation.view_risk_model",
        "segmentation.train_risk_model",
        "segmentation.recompute",
        "segmentation.view_policy",
        "segmentation.edit_policy",
        "segmentation.edit_group",
        "crm.view_jobs",
        "marketing.view_proposal",
        "marketing.view_retention",
        "marketing.edit_playbook",
        "marketing.run_trial",
        "marketing.view_market",
        "marketing.edit_rivals",
        "marketing.view_prospect",
    },
    Role.ADMINISTRATOR: EVERYONE
    | {
        "crm.import",
        "crm.view_import",
        "crm.view_people",
        "crm.edit_people",
        "crm.view_audit",
        "crm.view_jobs",
        "crm.reveal",
        "crm.assign_manager",
        "crm.edit_calendar",
        "crm.edit_desk",
        "crm.edit_clock_policy",
        "crm.view_wall",
        "crm.view_routing",
        "crm.edit_routing",
        "crm.edit_absence",
        "marketing.edit_channel_rule",
        "crm.edit_webhooks",
        "crm.edit_telephony",
        "crm.retry_jobs",
        "segmentation.view_standing",
        "segmentation.view_report",
        "segmentation.view_group",
        "segmentation.view_segment",
        "segmentation.edit_segment",
        "segmentation.share_segment",
        "segmentation.view_run",
        "segmentation.view_risk_model",
        "segmentation.recompute",
        "segmentation.view_policy",
        "segmentation.approve_policy",
        "marketing.view_proposal",
        "marketing.view_retention",
        "marketing.edit_playbook",
        "marketing.run_trial",
        "marketing.release_holdout",
        "marketing.view_market",
        "marketing.edit_rivals",
        "marketing.view_prospect",
    },
}

# Whose names, phones and addresses of private people a role reads: plainly, only after an audited reveal, or never.
PERSONAL_DATA = {
    Role.MANAGER: "plain",
    Role.SUPERVISOR: "plain",
    Role.AGENT: "reveal",
    Role.ADMINISTRATOR: "reveal",
    Role.ANALYST: "never",
}
