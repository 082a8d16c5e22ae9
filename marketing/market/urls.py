from django.urls import path

from marketing.market import views

urlpatterns = [
    path("market/", views.market_watch, name="market-watch"),
    path("market/charts/<slug:which>/", views.market_chart, name="market-chart"),
    path("market/note/<int:pk>/", views.loss_note, name="loss-note"),
    path("market/withdraw/<int:pk>/", views.loss_withdraw, name="loss-withdraw"),
    path("market/rivals/", views.rival_list, name="rival-list"),
    path("market/rivals/<int:pk>/", views.rival_list, name="rival-edit"),
]
