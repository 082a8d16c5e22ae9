"""Addresses of this topic."""

from django.urls import path

from crm.service_levels import views

urlpatterns = [
    path("clocks/", views.clock_policy_list, name="clock-policy-list"),
    path("clocks/<int:pk>/", views.clock_policy_revise, name="clock-policy-revise"),
]
