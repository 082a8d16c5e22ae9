"""The addresses of the action, gathered from the topics."""

from marketing.desk.urls import urlpatterns as desk
from marketing.green_channel.urls import urlpatterns as green_channel

app_name = "marketing"
urlpatterns: list = [
    *green_channel,
    *desk,
]
