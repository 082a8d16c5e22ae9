"""Addresses of this topic."""

from django.urls import path, re_path

from crm.telephony import views
from crm.telephony.api import CtiCalls

urlpatterns = [
    re_path(r"^api/v1/cti/calls/?$", CtiCalls.as_view(), name="cti-calls"),
    path("calls/", views.call_list, name="call-list"),
    path("calls/on-screen/", views.on_screen, name="call-on-screen"),
    path("calls/<int:pk>/", views.call_detail, name="call"),
    path("calls/<int:pk>/pop/", views.call_pop, name="call-pop"),
    path("calls/<int:pk>/put-away/", views.call_put_away, name="call-put-away"),
    path("calls/<int:pk>/account/", views.call_choose, name="call-choose"),
    path("calls/<int:pk>/ticket/", views.call_ticket, name="call-ticket"),
    path("telephony/", views.telephony, name="telephony"),
    path("telephony/lines/<int:pk>/take/", views.line_take, name="line-take"),
    path("telephony/<int:pk>/<slug:verb>/", views.integration_act, name="integration-act"),
]
