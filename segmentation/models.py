"""Gathers the nouns that the topics define."""

from segmentation.lake.models import LakeMonth
from segmentation.policies.models import Policy
from segmentation.readings.models import ReadingsFile
from segmentation.runs.models import Change, Run, Standing
from segmentation.studio.models import Simulation

__all__ = ["Change", "LakeMonth", "Policy", "ReadingsFile", "Run", "Simulation", "Standing"]
