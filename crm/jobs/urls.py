"""Addresses of this topic."""

from django.urls import path

from crm.jobs import views

urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/workers/", views.job_workers, name="job-workers"),
    path("jobs/failures/", views.failure_list, name="job-failures"),
    path("jobs/failures/<int:pk>/", views.failure_detail, name="job-failure"),
    path("jobs/failures/<int:pk>/retry/", views.failure_retry, name="job-failure-retry"),
    path("jobs/failures/<int:pk>/put-away/", views.failure_put_away, name="job-failure-put-away"),
]
