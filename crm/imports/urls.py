"""Addresses of this topic."""

from django.urls import path

from crm.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="import-list"),
    path("imports/upload/", views.import_upload, name="import-upload"),
    path("imports/formats/", views.import_formats, name="import-formats"),
    path("imports/formats/<slug:kind>.csv", views.import_template, name="import-template"),
    path("imports/<int:pk>/", views.import_detail, name="import-detail"),
    path("imports/<int:pk>/confirm/", views.import_confirm, name="import-confirm"),
    path("imports/<int:pk>/discard/", views.import_discard, name="import-discard"),
    path("imports/<int:pk>/errors.csv", views.import_errors, name="import-errors"),
]
