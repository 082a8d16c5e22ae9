"""The viewsets of this wing: (prefix, viewset, basename)."""

from segmentation.portfolio.api import ROUTES as PORTFOLIO
from segmentation.readings.api import ROUTES as READINGS
from segmentation.reports.api import ROUTES as REPORTS
from segmentation.runs.api import ROUTES as RUNS
from segmentation.studio.api import ROUTES as STUDIO

ROUTES: list = [*READINGS, *STUDIO, *RUNS, *PORTFOLIO, *REPORTS]
