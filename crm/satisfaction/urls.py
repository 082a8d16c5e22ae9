"""Addresses of this topic. `rate/` is open to everybody (see `config.security.OPEN_PREFIXES`): the link is the key."""

from django.urls import path

from crm.satisfaction import views

urlpatterns = [
    path("rate/<str:token>/", views.survey, name="survey"),
    path("satisfaction/", views.survey_list, name="survey-list"),
    path("tickets/<int:pk>/survey/", views.ticket_survey, name="ticket-survey"),
    path("accounts/<int:pk>/surveys/", views.account_surveys, name="account-surveys"),
]
