"""The viewsets of this wing: (prefix, viewset, basename)."""

from segmentation.churn.api import ROUTES as CHURN
from segmentation.groups.api import ROUTES as GROUPS
from segmentation.portfolio.api import ROUTES as PORTFOLIO
from segmentation.readings.api import ROUTES as READINGS
from segmentation.reports.api import ROUTES as REPORTS
from segmentation.reports.kept_api import ROUTES as KEPT_REPORTS
from segmentation.runs.api import ROUTES as RUNS
from segmentation.segments.api import ROUTES as SEGMENTS
from segmentation.studio.api import ROUTES as STUDIO
from segmentation.studio.features.api import ROUTES as FEATURES

ROUTES: list = [
    *READINGS,
    *CHURN,
    *GROUPS,
    *RUNS,
    *SEGMENTS,
    *PORTFOLIO,
    *STUDIO,
    *FEATURES,
    *REPORTS,
    *KEPT_REPORTS,
]
