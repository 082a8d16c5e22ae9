"""The viewsets of this wing: (prefix, viewset, basename)."""
from segmentation.portfolio.api import ROUTES as PORTFOLIO
from segmentation.reports.api import ROUTES as REPORTS

ROUTES: list = [*PORTFOLIO, *REPORTS]
