"""Addresses of this topic."""

from django.urls import path

from crm.service_levels import views

urlpatterns = [
    path("clocks/", views.clock_policy_list, name="clock-policy-list"),
    path("clocks/new/", views.clock_policy_add, name="clock-policy-add"),
    path("clocks/try/", views.clock_policy_try, name="clock-policy-try"),
    path("clocks/<int:pk>/", views.clock_policy_revise, name="clock-policy-revise"),
    path("clocks/<int:pk>/end/", views.clock_policy_end, name="clock-policy-end"),
]
