"""The viewsets of this wing: (prefix, viewset, basename)."""

from marketing.development.api import ROUTES as DEVELOPMENT
from marketing.green_channel.api import ROUTES as GREEN_CHANNEL
from marketing.market.api import ROUTES as MARKET
from marketing.retention.api import ROUTES as RETENTION

ROUTES: list = [
    *GREEN_CHANNEL,
    *DEVELOPMENT,
    *RETENTION,
    *MARKET,
]
