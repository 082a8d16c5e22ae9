"""Gathers the tasks that the topics define, so that workers find them."""

from marketing.green_channel import tasks as green_channel

__all__ = [
    "green_channel",
]
