"""Addresses of this topic."""

from django.urls import path

from crm.tickets import views

urlpatterns = [
    path("complaints/", views.ticket_list, name="ticket-list"),
    path("complaints/new/", views.ticket_new, name="ticket-new"),
    path("complaints/find-account/", views.ticket_find_account, name="ticket-find-account"),
    path("complaints/preview/", views.ticket_preview, name="ticket-preview"),
    path("complaints/<int:pk>/", views.ticket_detail, name="ticket-detail"),
    path("complaints/<int:pk>/assign/", views.ticket_assign, name="ticket-assign"),
    path("complaints/<int:pk>/caller/", views.ticket_add_caller, name="ticket-add-caller"),
    path("complaints/suggest/", views.ticket_suggest, name="ticket-suggest"),
    path("complaints/<int:pk>/part-of/", views.ticket_link, name="ticket-link"),
    path("complaints/<int:pk>/take-out/", views.ticket_take_out, name="ticket-take-out"),
    path("complaints/<int:pk>/merge/", views.ticket_merge, name="ticket-merge"),
    path("complaints/<int:pk>/undo-merge/", views.ticket_undo_merge, name="ticket-undo-merge"),
    path("complaints/<int:pk>/<slug:verb>/", views.ticket_act, name="ticket-act"),
]
