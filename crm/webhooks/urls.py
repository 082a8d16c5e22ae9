"""Addresses of this topic."""

from django.urls import path

from crm.webhooks import views

urlpatterns = [
    path("webhooks/", views.webhook_list, name="webhook-list"),
    path("webhooks/new/", views.webhook_new, name="webhook-new"),
    path("webhooks/log/", views.delivery_list, name="webhook-log"),
    path("webhooks/log/<int:pk>/", views.delivery_detail, name="webhook-delivery"),
    path("webhooks/log/<int:pk>/replay/", views.delivery_replay, name="webhook-replay"),
    path("webhooks/<int:pk>/", views.webhook_edit, name="webhook-edit"),
    path("webhooks/<int:pk>/<slug:verb>/", views.webhook_act, name="webhook-act"),
]
