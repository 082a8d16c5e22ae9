"""The account page and its parts."""

from django.urls import path, re_path

from crm.account_page import views
from crm.account_page.tabs import TABS

urlpatterns = [
    path("accounts/<int:pk>/", views.account_detail, name="account-detail"),
    path("accounts/<int:pk>/alerts/", views.account_alerts, name="account-alerts"),
    path("accounts/<int:pk>/recent/", views.account_recent, name="account-recent"),
    path("accounts/<int:pk>/contacts/", views.account_contacts, name="account-contacts"),
    path("accounts/<int:pk>/charts/<slug:which>/", views.account_chart, name="account-chart"),
    # Only our own tabs: wings above keep addresses of their own under an account.
    re_path(rf"^accounts/(?P<pk>\d+)/(?P<tab>{'|'.join(TABS)})/$", views.account_detail, name="account-tab"),
]
