"""Gathers the nouns that the topics define."""

from segmentation.lake.models import LakeMonth
from segmentation.policies.models import Policy
from segmentation.readings.models import ReadingsFile
from segmentation.runs.models import Change, Run, Standing
from segmentation.segments.models import Segment, SegmentMember, SegmentSize

__all__ = ["Change", "LakeMonth", "Policy", "ReadingsFile", "Run", "Segment", "SegmentMember", "SegmentSize", "Standing"]
