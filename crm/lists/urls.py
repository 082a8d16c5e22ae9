"""Saved views of lists."""

from django.urls import path

from crm.lists import views

urlpatterns = [
    path("views/", views.saved_views, name="saved-views"),
    path("views/save/", views.view_save, name="view-save"),
    path("views/<int:pk>/", views.view_change, name="view-change"),
    path("views/<int:pk>/delete/", views.view_delete, name="view-delete"),
]
