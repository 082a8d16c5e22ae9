"""Topics under the five classes of 95598, and the ways a ticket comes in. Rows keep the code, screens show the label."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.tickets.models import Category


class Channel(models.TextChoices):
    PHONE = "phone", pgettext_lazy("how a ticket came in", "Phone")
    COUNTER = "counter", _("Service hall")
    ONLINE = "online", _("Online")
    APP = "app", _("App")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")
    OTHER = "other", _("Other way")


TOPICS: dict[str, list[tuple[str, object]]] = {
    Category.SERVICE: [
        ("attitude", _("attitude")), ("conduct", _("conduct")), ("hours", _("opening hours")), ("items", _("service items")),
        ("facilities", _("facilities")), ("web", _("website and app")),
    ],
    Category.BUSINESS: [
        ("application", _("supply application")), ("change", _("change of supply")), ("reading", _("meter reading and collection")),
        ("price", _("price and bill")), ("metering", _("metering")), ("payment", _("payment")),
    ],
    Category.OUTAGE: [("notice", _("notice of outages")), ("plan", _("planned outages")), ("repair", _("repair"))],
    Category.SUPPLY_QUALITY: [("voltage", _("voltage")), ("reliability", _("reliability")), ("harmonics", _("harmonics and flicker"))],
    Category.CONSTRUCTION: [("works", _("building works")), ("compensation", _("land and compensation")), ("restoring", _("making good"))],
}  # fmt: skip
TOPIC_LABELS = {(category, topic): label for category, topics in TOPICS.items() for topic, label in topics}


def topic_label(category: str, topic: str) -> str:
    """The label of a topic; a topic we do not list (from a file) is shown as it came."""
    return str(TOPIC_LABELS.get((category, topic), topic))


def class_choices():
    """`[("outage", "Outage"), ("outage/notice", "Outage · notice of outages"), …]` for one select that sets class and topic."""
    choices = []
    for category in Category:
        choices.append((category.value, category.label))
        choices += [(f"{category.value}/{topic}", f"{category.label} · {label}") for topic, label in TOPICS[category]]
    return choices


def channel_label(channel: str) -> str:
    return str(Channel(channel).label) if channel in Channel.values else channel
