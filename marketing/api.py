"""The viewsets of this wing: (prefix, viewset, basename)."""

from marketing.development.api import ROUTES as DEVELOPMENT
from marketing.green_channel.api import ROUTES as GREEN_CHANNEL

ROUTES = [*GREEN_CHANNEL, *DEVELOPMENT]
