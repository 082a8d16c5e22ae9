"""Gathers the nouns that the topics define."""

from segmentation.churn.models import ChurnTerms, ModelText, ModelUse, RiskModel
from segmentation.groups.models import BehaviourGroup, Grouping, GroupingRequest, GroupRule, GroupSetting, Membership
from segmentation.lake.models import LakeMonth
from segmentation.policies.models import Policy
from segmentation.readings.models import ReadingsFile
from segmentation.reports.models import GeneratedReport, ReportSchedule
from segmentation.runs.models import Change, Run, Standing
from segmentation.segments.models import Segment, SegmentMember, SegmentSize
from segmentation.studio.models import Simulation

__all__ = [
    "BehaviourGroup",
    "Change",
    "ChurnTerms",
    "GeneratedReport",
    "GroupRule",
    "GroupSetting",
    "Grouping",
    "GroupingRequest",
    "LakeMonth",
    "Membership",
    "ModelText",
    "ModelUse",
    "Policy",
    "ReadingsFile",
    "ReportSchedule",
    "RiskModel",
    "Run",
    "Segment",
    "SegmentMember",
    "SegmentSize",
    "Simulation",
    "Standing",
]
