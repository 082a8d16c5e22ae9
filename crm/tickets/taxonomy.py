"""The ways a ticket comes in, and the class and topic of a ticket as one choice. Kinds, classes, topics and causes are rows (`crm.taxonomy`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.taxonomy import labels


class Channel(models.TextChoices):
    PHONE = "phone", pgettext_lazy("how a ticket came in", "Phone")
    COUNTER = "counter", _("Service hall")
    ONLINE = "online", _("Online")
    APP = "app", _("App")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")
    OTHER = "other", _("Other way")


def topic_label(category: str, topic: str) -> str:
    """The label of a topic; a topic we do not list (from a file) is shown as it came."""
    return labels.label("topic", topic, category)


def channel_label(channel: str) -> str:
    return str(Channel(channel).label) if channel in Channel.values else channel


def split_class(value: str) -> tuple[str, str]:
    """`outage/notice` → (`outage`, `notice`); what is not offered → empty strings."""
    known = dict(labels.class_choices())
    category, _slash, topic = value.partition("/")
    return (category, topic) if value in known else ("", "")
