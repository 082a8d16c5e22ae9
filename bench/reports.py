"""The behaviour report: on screen in a process that is up, and from a shell, with its memory."""

import time

from bench.figures import MILLION, Figure

SCREEN_SECONDS, COMMAND_SECONDS = 3.0, 60.0  # for 100,000 accounts on screen; for a million in a file
MOST_MIB = 1536
HUNDRED_THOUSAND = 100_000


def behaviour(world):
    """Counted from the lake, then asked again; the tier report beside it; the JSON file from a shell."""
    from django.core.cache import cache

    from crm.people.models import User
    from segmentation.reports.building import build
    from segmentation.reports.shown import chapters_of

    reader = User.objects.get(username="analyst")

    def seconds(kind, language="en"):
        began = time.perf_counter()
        chapters_of(build(kind=kind, reader=reader, language=language))
        return time.perf_counter() - began

    cache.clear()
    seconds("behaviour")  # what a web process has loaded long ago
    cache.clear()
    promised = SCREEN_SECONDS if world.accounts <= HUNDRED_THOUSAND else None
    yield Figure("behaviour report, screen", seconds("behaviour"), "s", promised, note="counted from the lake")
    yield Figure(
        "behaviour report, again in Chinese", seconds("behaviour", "zh-hans"), "s", 1.0, note="the numbers are kept, the words are written"
    )
    yield Figure("tier report, screen", seconds("tiers"), "s", promised)
    cache.clear()
    ran = world.manage("report", "behaviour", "--format", "json", "--out", world.folder / "report.json")
    yield Figure(
        "behaviour report, file", ran.seconds, "s", max(10.0, COMMAND_SECONDS * world.accounts / MILLION), note="JSON, from a shell"
    )
    yield Figure("behaviour report, peak memory", ran.peak_mib, "MiB", MOST_MIB, note="process tree, without PostgreSQL")
