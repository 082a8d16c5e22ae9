"""Addresses of readings."""

from django.urls import path

from segmentation.readings import views

urlpatterns = [
    path("accounts/<int:pk>/load/", views.account_load, name="account-load"),
    path("accounts/<int:pk>/load/chart/", views.account_load_chart, name="account-load-chart"),
]
