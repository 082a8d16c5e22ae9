from django.urls import path

from segmentation.studio.features import views

urlpatterns = [
    path("features/", views.feature_list, name="feature-list"),
    path("features/<slug:name>/", views.feature_detail, name="feature-detail"),
    path("features/<slug:name>/chart/", views.feature_chart, name="feature-chart"),
    path("accounts/<int:pk>/features/", views.account_features, name="account-features"),
]
