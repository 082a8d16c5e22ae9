from django.urls import path

from segmentation.reports import behaviour_views, views

urlpatterns = [
    path("reports/behaviour/", behaviour_views.behaviour, name="behaviour-report"),
    path("tiers/", views.tier_report, name="tier-report"),
    path("tiers/moves.json", views.moves_chart, name="tier-moves-chart"),
    path("tiers/quadrants.json", views.quadrant_chart, name="tier-quadrant-chart"),
    path("tiers/workbook.xlsx", views.tier_workbook, name="tier-workbook"),
]
