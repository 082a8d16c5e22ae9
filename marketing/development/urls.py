from django.urls import path

from marketing.development import views

urlpatterns = [
    path("development/", views.prospect_list, name="prospect-list"),
    path("development/candidates/", views.candidate_list, name="candidate-list"),
    path("development/large/", views.large_customer_list, name="large-customer-list"),
    path("development/large/new/", views.large_customer_new, name="large-customer-new"),
    path("development/large/<int:pk>/end/", views.large_customer_end, name="large-customer-end"),
    path("development/watch/<int:pk>/", views.prospect_watch, name="prospect-watch"),
    path("development/<int:pk>/", views.prospect_detail, name="prospect-detail"),
    path("development/<int:pk>/move/", views.prospect_move, name="prospect-move"),
    path("development/<int:pk>/plan/", views.prospect_plan, name="prospect-plan"),
    path("development/<int:pk>/note/", views.prospect_note, name="prospect-note"),
    path("development/<int:pk>/propose/", views.prospect_propose, name="prospect-propose"),
    path("development/<int:pk>/drop/", views.prospect_drop, name="prospect-drop"),
    path("development/<int:pk>/approve/", views.prospect_approve, name="prospect-approve"),
    path("development/<int:pk>/refuse/", views.prospect_refuse, name="prospect-refuse"),
    path("accounts/<int:pk>/development/", views.development_panel, name="development-panel"),
]
