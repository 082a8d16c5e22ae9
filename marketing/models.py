"""Gathers the nouns that the topics define."""

from marketing.green_channel.models import ChannelRule, Proposal

__all__ = [
    "ChannelRule",
    "Proposal",
]
