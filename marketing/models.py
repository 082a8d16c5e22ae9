"""Gathers the nouns that the topics define."""

from marketing.development.models import Candidate, Finding, LargeCustomer, Prospect, ProspectNote
from marketing.green_channel.models import ChannelRule, Proposal
from marketing.market.models import LossNote, Rival
from marketing.retention.models import Assignment, Exemption, Offer, Plan, PlanTask, Playbook, Step, Trial

__all__ = [
    "Assignment",
    "Candidate",
    "ChannelRule",
    "Exemption",
    "Finding",
    "LargeCustomer",
    "LossNote",
    "Offer",
    "Plan",
    "PlanTask",
    "Playbook",
    "Proposal",
    "Prospect",
    "ProspectNote",
    "Rival",
    "Step",
    "Trial",
]
