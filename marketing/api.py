"""The viewsets of this wing: (prefix, viewset, basename)."""

from marketing.green_channel.api import ROUTES as GREEN_CHANNEL

ROUTES: list = [
    *GREEN_CHANNEL,
]
