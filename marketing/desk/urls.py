from django.urls import path

from marketing.desk import views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/ahead/", views.ahead, name="desk-ahead"),
]
