"""The addresses of the judgement, gathered from the topics."""

from segmentation.churn.urls import urlpatterns as churn
from segmentation.groups.urls import urlpatterns as groups
from segmentation.policies.urls import urlpatterns as policies
from segmentation.portfolio.urls import urlpatterns as portfolio
from segmentation.readings.urls import urlpatterns as readings
from segmentation.reports.urls import urlpatterns as reports
from segmentation.runs.urls import urlpatterns as runs
from segmentation.segments.urls import urlpatterns as segments
from segmentation.studio.features.urls import urlpatterns as features
from segmentation.studio.urls import urlpatterns as studio

app_name = "segmentation"
urlpatterns: list = [
    *readings,
    *policies,
    *churn,
    *groups,
    *runs,
    *segments,
    *portfolio,
    *studio,
    *features,
    *reports,
]
