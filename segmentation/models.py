"""Gathers the nouns that the topics define."""
from segmentation.policies.models import Policy
from segmentation.runs.models import Change, Run, Standing

__all__ = ["Change", "Policy", "Run", "Standing"]
