"""Visits and calls of an account."""

from django.urls import path

from crm.engagement import views

urlpatterns = [
    path("accounts/<int:pk>/engagements/log/", views.engagement_log, name="engagement-log"),
    path("accounts/<int:pk>/engagements/plan/", views.engagement_plan, name="engagement-plan"),
    path("engagements/<int:pk>/finish/", views.engagement_finish, name="engagement-finish"),
    path("engagements/<int:pk>/cancel/", views.engagement_cancel, name="engagement-cancel"),
]
