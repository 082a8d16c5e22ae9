"""The addresses of the judgement, gathered from the topics."""
from segmentation.portfolio.urls import urlpatterns as portfolio
from segmentation.reports.urls import urlpatterns as reports

app_name = "segmentation"
urlpatterns: list = [*portfolio, *reports]
