"""Addresses of this topic."""

from django.urls import path

from crm.demo import views

urlpatterns = [path("about-the-data/", views.data_sources, name="data-sources")]
