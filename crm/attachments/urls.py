"""Addresses of this topic."""

from django.urls import path

from crm.attachments import views

urlpatterns = [
    path("complaints/<int:pk>/files/", views.attachment_panel, name="attachment-panel"),
    path("complaints/<int:pk>/files/add/", views.attachment_add, name="attachment-add"),
    path("files/<int:pk>/", views.attachment_download, name="attachment-download"),
    path("files/<int:pk>/remove/", views.attachment_remove, name="attachment-remove"),
]
