"""Addresses of this topic."""

from django.urls import path

from crm.routing import views

urlpatterns = [
    path("routing/", views.rule_list, name="routing-rule-list"),
    path("routing/new/", views.rule_new, name="routing-rule-new"),
    path("routing/lead/", views.lead, name="routing-lead"),
    path("routing/absences/", views.absence_list, name="absence-list"),
    path("routing/absences/<int:pk>/end/", views.absence_end, name="absence-end"),
    path("routing/<int:pk>/", views.rule_edit, name="routing-rule-edit"),
    path("routing/<int:pk>/<slug:verb>/", views.rule_act, name="routing-rule-act"),
    path("tickets/<int:pk>/routing/", views.ticket_routing, name="ticket-routing"),
]
