"""Addresses of this topic."""

from django.urls import path

from crm.answers import views

urlpatterns = [
    path("complaints/<int:pk>/answers/", views.answer_panel, name="answer-panel"),
    path("complaints/<int:pk>/answers/<int:answer>/run/", views.answer_run, name="answer-run"),
    path("canned-answers/", views.answer_list, name="answer-list"),
    path("canned-answers/new/", views.answer_edit, name="answer-new"),
    path("canned-answers/<int:pk>/", views.answer_edit, name="answer-edit"),
]
