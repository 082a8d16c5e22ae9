from django.urls import path

from segmentation.reports import high_risk_views, views

urlpatterns = [
    path("high-risk/", high_risk_views.high_risk_group, name="high-risk"),
    path("high-risk/<slug:trait>.json", high_risk_views.high_risk_chart, name="high-risk-chart"),
    path("tiers/", views.tier_report, name="tier-report"),
    path("tiers/moves.json", views.moves_chart, name="tier-moves-chart"),
    path("tiers/quadrants.json", views.quadrant_chart, name="tier-quadrant-chart"),
    path("tiers/workbook.xlsx", views.tier_workbook, name="tier-workbook"),
]
