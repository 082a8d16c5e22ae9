from django.urls import path

from segmentation.portfolio import views

urlpatterns = [
    path("portfolio/", views.portfolio, name="portfolio"),
    path("portfolio/neighbours/<int:pk>/", views.account_neighbours, name="account-neighbours"),
]
