from django.urls import path

from marketing.green_channel import standing, views

urlpatterns = [
    path("green-channel/", views.proposal_list, name="proposal-list"),
    path("green-channel/<int:pk>/", views.proposal_detail, name="proposal-detail"),
    path("green-channel/<int:pk>/approve/", views.approve, name="proposal-approve"),
    path("green-channel/<int:pk>/refuse/", views.refuse, name="proposal-refuse"),
    path("green-channel/<int:pk>/withdraw/", views.withdraw, name="proposal-withdraw"),
    path("green-channel/standing/", standing.entitlement_list, name="entitlement-list"),
    path("green-channel/standing/<int:pk>/", standing.entitlement_detail, name="entitlement-detail"),
    path("green-channel/standing/<int:pk>/use/", standing.entitlement_use, name="entitlement-use"),
    path("green-channel/standing/<int:pk>/effect/", standing.entitlement_effect, name="entitlement-effect"),
    path("green-channel/effect/", standing.channel_effect, name="channel-effect"),
    path("green-channel/effect/chart/", standing.channel_effect_chart, name="channel-effect-chart"),
    path("green-channel/rules/", standing.channel_rules, name="channel-rules"),
    path("green-channel/revoke/<int:pk>/", views.revoke, name="entitlement-revoke"),
    path("green-channel/propose/<int:pk>/", views.propose, name="propose"),
    path("green-channel/propose/", views.propose_bulk, name="propose-bulk"),
    path("accounts/<int:pk>/green-channel/", views.account_panel, name="account-panel"),
]
