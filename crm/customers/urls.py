"""Customers and their contacts."""

from django.urls import path

from crm.customers import views

urlpatterns = [
    path("customers/<int:pk>/reveal/", views.reveal, name="reveal"),
    path("customers/<int:pk>/contacts/new/", views.contact_edit, name="contact-new"),
    path("customers/<int:pk>/contacts/<int:contact>/", views.contact_edit, name="contact-edit"),
    path("customers/<int:pk>/contacts/<int:contact>/remove/", views.contact_remove, name="contact-remove"),
]
