from django.urls import path

from segmentation.runs import account_views, views

urlpatterns = [
    path("runs/", views.run_list, name="run-list"),
    path("runs/ask/", views.run_ask, name="run-ask"),
    path("runs/groups/", views.groups_ask, name="groups-ask"),
    path("runs/<int:pk>/", views.run_detail, name="run-detail"),
    path("runs/<int:pk>/progress/", views.run_progress, name="run-progress"),
    path("runs/<int:pk>/cancel/", views.run_cancel, name="run-cancel"),
    path("runs/<int:pk>/roll-back/", views.run_roll_back, name="run-roll-back"),
    path("runs/<int:pk>/compare/", views.run_compare, name="run-compare"),
    path("runs/<int:pk>/compare/chart/", views.run_compare_chart, name="run-compare-chart"),
    path("runs/<int:pk>/compare/scores/", views.run_compare_scores, name="run-compare-scores"),
    path("runs/<int:pk>/compare/drift/", views.run_compare_drift, name="run-compare-drift"),
    path("accounts/<int:pk>/standing/badge/", account_views.account_badge, name="account-badge"),
    path("accounts/<int:pk>/standing/panel/", account_views.account_panel, name="account-panel"),
    path("accounts/<int:pk>/standing/", account_views.account_judgement, name="account-judgement"),
    path("accounts/<int:pk>/standing/why/", account_views.account_why, name="account-why"),
    path("accounts/<int:pk>/standing/scores/", account_views.account_scores_chart, name="account-scores-chart"),
]
