"""People, units, and one's own page."""

from django.urls import path

from crm.people import views

urlpatterns = [
    path("people/", views.people_list, name="people-list"),
    path("people/<int:pk>/", views.person_edit, name="person-edit"),
    path("units/", views.unit_list, name="unit-list"),
    path("me/", views.me, name="me"),
    path("me/token/", views.token_new, name="token-new"),
    path("me/token/remove/", views.token_remove, name="token-remove"),
]
