"""Gathers the tasks that the topics define, so that workers find them."""

from marketing.development import tasks as development
from marketing.green_channel import tasks as green_channel
from marketing.retention import tasks as retention

__all__ = [
    "development",
    "green_channel",
    "retention",
]
