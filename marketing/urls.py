"""The addresses of the action, gathered from the topics."""

from marketing.desk.urls import urlpatterns as desk
from marketing.development.urls import urlpatterns as development
from marketing.green_channel.urls import urlpatterns as green_channel

app_name = "marketing"
urlpatterns = [*desk, *green_channel, *development]
