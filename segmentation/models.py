"""Gathers the nouns that the topics define."""

from segmentation.churn.models import ChurnTerms, ModelText, ModelUse, RiskModel
from segmentation.lake.models import LakeMonth
from segmentation.policies.models import Policy
from segmentation.readings.models import ReadingsFile
from segmentation.runs.models import Change, Run, Standing

__all__ = ["Change", "ChurnTerms", "LakeMonth", "ModelText", "ModelUse", "Policy", "ReadingsFile", "RiskModel", "Run", "Standing"]
