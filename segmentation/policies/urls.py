from django.urls import path

from segmentation.policies import views

urlpatterns = [
    path("policies/", views.policy_list, name="policy-list"),
    path("policies/<int:pk>/", views.policy_detail, name="policy-detail"),
    path("policies/<int:pk>/draft/", views.policy_draft, name="policy-draft"),
    path("policies/<int:pk>/edit/", views.policy_edit, name="policy-edit"),
    path("policies/<int:pk>/submit/", views.policy_submit, name="policy-submit"),
    path("policies/<int:pk>/withdraw/", views.policy_withdraw, name="policy-withdraw"),
    path("policies/<int:pk>/approve/", views.policy_approve, name="policy-approve"),
    path("policies/<int:pk>/refuse/", views.policy_refuse, name="policy-refuse"),
    path("policies/<int:pk>/bring-back/", views.policy_bring_back, name="policy-bring-back"),
    path("policies/<int:pk>/drop/", views.policy_drop, name="policy-drop"),
]
