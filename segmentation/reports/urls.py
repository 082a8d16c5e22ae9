from django.urls import path

from segmentation.reports import behaviour_views, high_risk_views, kept_views, schedule_views, views

urlpatterns = [
    path("reports/kept/", kept_views.report_list, name="report-list"),
    path("reports/kept/generate/", kept_views.report_generate, name="report-generate"),
    path("reports/kept/<int:pk>/", kept_views.report_detail, name="report-detail"),
    path("reports/kept/<int:pk>/progress/", kept_views.report_progress, name="report-progress"),
    path("reports/kept/<int:pk>/file/", kept_views.report_download, name="report-download"),
    path("reports/kept/<int:pk>/cancel/", kept_views.report_cancel, name="report-cancel"),
    path("reports/kept/<int:pk>/again/", kept_views.report_again, name="report-again"),
    path("reports/kept/<int:pk>/share/", kept_views.report_share, name="report-share"),
    path("reports/kept/<int:pk>/links/<int:link>/revoke/", kept_views.report_revoke, name="report-revoke"),
    path("reports/kept/<int:pk>/remove/", kept_views.report_remove, name="report-remove"),
    path("reports/shared/<str:token>/", kept_views.report_shared, name="report-shared"),
    path("reports/schedules/", schedule_views.schedule_list, name="report-schedule-list"),
    path("reports/schedules/new/", schedule_views.schedule_new, name="report-schedule-new"),
    path("reports/schedules/<int:pk>/", schedule_views.schedule_edit, name="report-schedule-edit"),
    path("reports/schedules/<int:pk>/<slug:verb>/", schedule_views.schedule_act, name="report-schedule-act"),
    path("reports/behaviour/", behaviour_views.behaviour, name="behaviour-report"),
    path("reports/tiers/", behaviour_views.tiers, name="tiers-report"),
    path("high-risk/", high_risk_views.high_risk_group, name="high-risk"),
    path("high-risk/<slug:trait>.json", high_risk_views.high_risk_chart, name="high-risk-chart"),
    path("tiers/", views.tier_report, name="tier-report"),
    path("tiers/moves.json", views.moves_chart, name="tier-moves-chart"),
    path("tiers/quadrants.json", views.quadrant_chart, name="tier-quadrant-chart"),
    path("tiers/workbook.xlsx", views.tier_workbook, name="tier-workbook"),
]
