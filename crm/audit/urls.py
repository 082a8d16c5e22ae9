"""The audit trail."""

from django.urls import path

from crm.audit import views

urlpatterns = [
    path("audit/", views.audit_list, name="audit-list"),
    path("audit/<int:pk>/", views.audit_detail, name="audit-detail"),
]
