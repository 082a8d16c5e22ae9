"""Search."""

from django.urls import path

from crm.search import views

urlpatterns = [path("search/", views.search, name="search")]
