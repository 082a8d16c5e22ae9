"""Addresses of this topic."""

from django.urls import path

from crm.taxonomy import views

urlpatterns = [
    path("terms/", views.term_list, name="term-list"),
    path("terms/new/", views.term_add, name="term-new"),
    path("terms/<int:pk>/", views.term_edit, name="term-edit"),
]
