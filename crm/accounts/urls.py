"""Edits of an account. Its page is in `crm.account_page`, the list of accounts in the portfolio."""

from django.urls import path

from crm.accounts import views

urlpatterns = [
    path("accounts/<int:pk>/edit/", views.account_edit, name="account-edit"),
]
