"""Addresses of this topic."""

from django.urls import path

from crm.exports import views

urlpatterns = [
    path("exports/", views.export_list, name="export-list"),
    path("exports/ask/", views.export_create, name="export-create"),
    path("exports/<int:pk>/bell/", views.export_bell, name="export-bell"),
    path("exports/<int:pk>/file/", views.export_download, name="export-download"),
    path("exports/<int:pk>/cancel/", views.export_cancel, name="export-cancel"),
]
