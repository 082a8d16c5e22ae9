"""The addresses of the action, gathered from the topics."""

from marketing.desk.urls import urlpatterns as desk
from marketing.development.urls import urlpatterns as development
from marketing.green_channel.urls import urlpatterns as green_channel
from marketing.market.urls import urlpatterns as market
from marketing.retention.urls import urlpatterns as retention

app_name = "marketing"
urlpatterns: list = [
    *green_channel,
    *development,
    *retention,
    *market,
    *desk,
]
