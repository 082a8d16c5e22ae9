"""Addresses of this topic."""

from django.urls import path

from crm.palette import views

urlpatterns = [path("palette/", views.palette, name="palette")]
