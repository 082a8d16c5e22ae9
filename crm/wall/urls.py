"""Addresses of this topic."""

from django.urls import path

from crm.wall import views

urlpatterns = [path("wall/", views.wall, name="wall")]
