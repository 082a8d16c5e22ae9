"""The viewsets of this wing: (prefix, viewset, basename)."""

from segmentation.churn.api import ROUTES as CHURN
from segmentation.policies.api import ROUTES as POLICIES
from segmentation.portfolio.api import ROUTES as PORTFOLIO
from segmentation.readings.api import ROUTES as READINGS
from segmentation.reports.api import ROUTES as REPORTS
from segmentation.runs.api import ROUTES as RUNS

ROUTES: list = [*READINGS, *CHURN, *POLICIES, *RUNS, *PORTFOLIO, *REPORTS]
