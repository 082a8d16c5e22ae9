"""Addresses of this topic."""

from django.urls import path

from crm.jobs import views

urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/workers/", views.job_workers, name="job-workers"),
]
