"""What pages and programs show of a segment: its rule in words, its size as the reader sees it, and its history."""

from django.core.cache import cache
from django.db.models import Count
from django.utils.translation import gettext as _

from crm.accounts.models import within_reach
from segmentation.segments.fields import catalogue, fields
from segmentation.segments.models import Segment, SegmentMember, names_key
from segmentation.segments.rules import BadRule, parse
from segmentation.segments.words import refusal, sentence

SHOWN = 60  # runs
MOST_NAMES, NAMES_KEPT_SECONDS = 200, 30


def in_words(tree, known=None) -> str:
    """The sentence of a stored rule; where a field or value is no more, what is wrong with it. `known`: the catalogue, for several."""
    known = known or catalogue()
    try:
        return sentence(parse(tree, fields(known)), known)
    except BadRule as error:
        return refusal(error, known)


def names_for(user) -> list[tuple[str, str]]:
    """[(key, name)] of the segments a person may filter by, kept for half a minute: the menu of every list asks."""
    key = names_key(user.pk)
    names = cache.get(key)
    if names is None:
        names = [(str(pk), name) for pk, name in Segment.objects.visible_to(user).values_list("pk", "name")[:MOST_NAMES]]
        cache.set(key, names, NAMES_KEPT_SECONDS)
    return names


def sizes_seen(segments, user) -> dict[int, int]:
    """{segment: how many of its members the person sees}, in one query."""
    members = SegmentMember.objects.filter(segment__in=[segment.pk for segment in segments])
    if user.bound_to_unit:
        members = members.filter(within_reach(user, "account__"))
    found = dict(members.order_by().values_list("segment").annotate(n=Count("pk")))
    return {segment.pk: found.get(segment.pk, 0) for segment in segments}


def history(segment, user) -> list[dict]:
    """Its size after each run, oldest first, in the units the person works in."""
    return list(segment.sizes.within_reach_of(user).over_time())[-SHOWN:]


def history_chart(rows) -> dict:
    return {
        "kind": "line",
        "title": _("Members after each run"),
        "unit": _("accounts"),
        "x": {"label": _("As of"), "values": [row["as_of"].isoformat() for row in rows]},
        "series": [{"name": _("Members"), "key": "diamond", "values": [row["members"] for row in rows]}],
    }
