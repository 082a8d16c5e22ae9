from django.urls import path

from segmentation.churn import views

urlpatterns = [
    path("risk-models/", views.risk_model_list, name="risk-model-list"),
    path("risk-models/train/", views.risk_model_train, name="risk-model-train"),
    path("risk-models/terms/", views.churn_terms, name="churn-terms"),
    path("risk-models/<int:pk>/", views.risk_model_detail, name="risk-model-detail"),
    path("risk-models/<int:pk>/progress/", views.risk_model_progress, name="risk-model-progress"),
    path("risk-models/<int:pk>/compare/", views.risk_model_compare, name="risk-model-compare"),
    path("risk-models/<int:pk>/time/", views.risk_model_time, name="risk-model-time"),
    path("risk-models/<int:pk>/text/", views.risk_model_text, name="risk-model-text"),
    path("risk-models/<int:pk>/decide/", views.risk_model_decide, name="risk-model-decide"),
    path("risk-models/<int:pk>/change/", views.risk_model_change, name="risk-model-change"),
    path("risk-models/<int:pk>/<slug:chart>.json", views.risk_model_chart, name="risk-model-chart"),
]
