"""Gathers the nouns that the topics define."""

from marketing.development.models import Candidate, Finding, LargeCustomer, Prospect, ProspectNote
from marketing.green_channel.models import ChannelRule, Proposal

__all__ = ["Candidate", "ChannelRule", "Finding", "LargeCustomer", "Proposal", "Prospect", "ProspectNote"]
