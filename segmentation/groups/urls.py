from django.urls import path

from segmentation.groups import views

urlpatterns = [
    path("groups/", views.group_list, name="group-list"),
    path("groups/<int:pk>/", views.group_detail, name="group-detail"),
    path("groups/<int:pk>/chart/", views.group_chart, name="group-chart"),
    path("groups/<int:pk>/rename/", views.group_rename, name="group-rename"),
    path("groups/<int:pk>/rules/", views.group_rule_add, name="group-rule-add"),
    path("groups/rules/<int:pk>/drop/", views.group_rule_drop, name="group-rule-drop"),
    path("groups/<slug:kind>/all/chart/", views.grouping_chart, name="grouping-chart"),
    path("groups/<slug:kind>/settings/", views.group_settings, name="group-settings"),
    path("accounts/<int:pk>/groups/", views.account_groups, name="account-groups"),
]
