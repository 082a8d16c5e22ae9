from django.urls import path

from marketing.green_channel import views

urlpatterns = [
    path("green-channel/", views.proposal_list, name="proposal-list"),
    path("green-channel/<int:pk>/", views.proposal_detail, name="proposal-detail"),
    path("green-channel/<int:pk>/approve/", views.approve, name="proposal-approve"),
    path("green-channel/<int:pk>/refuse/", views.refuse, name="proposal-refuse"),
    path("green-channel/<int:pk>/withdraw/", views.withdraw, name="proposal-withdraw"),
    path("green-channel/revoke/<int:pk>/", views.revoke, name="entitlement-revoke"),
    path("green-channel/propose/<int:pk>/", views.propose, name="propose"),
    path("green-channel/propose/", views.propose_bulk, name="propose-bulk"),
    path("accounts/<int:pk>/green-channel/", views.account_panel, name="account-panel"),
]
