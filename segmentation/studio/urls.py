from django.urls import path

from segmentation.studio import views

urlpatterns = [
    path("policies/<int:pk>/simulate/", views.policy_simulate, name="policy-simulate"),
    path("policies/<int:pk>/simulation/", views.policy_simulation, name="policy-simulation"),
    path("policies/<int:pk>/simulation/chart/", views.policy_simulation_chart, name="policy-simulation-chart"),
]
