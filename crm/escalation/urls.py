"""Addresses of this topic."""

from django.urls import path

from crm.escalation import views

urlpatterns = [
    path("escalations/", views.escalation_list, name="escalation-list"),
    path("escalations/seen/", views.escalation_see, name="escalation-see"),
    path("escalations/chains/", views.chain_list, name="chain-list"),
    path("escalations/chains/new/", views.chain_new, name="chain-new"),
    path("escalations/chains/<int:pk>/", views.chain_edit, name="chain-edit"),
    path("escalations/chains/<int:pk>/<slug:verb>/", views.chain_act, name="chain-act"),
    path("tickets/<int:pk>/escalations/", views.ticket_escalations, name="ticket-escalations"),
]
