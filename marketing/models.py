"""Gathers the nouns that the topics define."""

from marketing.green_channel.models import Proposal

__all__ = ["Proposal"]
