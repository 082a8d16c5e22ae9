"""The account page and its parts."""
from django.urls import path

from crm.account_page import views

urlpatterns = [
    path("accounts/<int:pk>/", views.account_detail, name="account-detail"),
    path("accounts/<int:pk>/alerts/", views.account_alerts, name="account-alerts"),
    path("accounts/<int:pk>/contacts/", views.account_contacts, name="account-contacts"),
    path("accounts/<int:pk>/charts/<slug:which>/", views.account_chart, name="account-chart"),
    path("accounts/<int:pk>/<slug:tab>/", views.account_detail, name="account-tab"),
]
