"""The behaviour report: on screen in a process that is up, and from a shell, with its memory."""

import time

from bench.figures import MILLION, Figure

SCREEN_SECONDS, COMMAND_SECONDS = 3.0, 60.0  # for 100,000 accounts on screen; for a million in a file
MOST_MIB = 1536
HUNDRED_THOUSAND = 100_000
FILES = {"pptx": 10.0, "pdf": 20.0, "xlsx": 10.0}  # seconds from counting to file, up to 100,000 accounts


def behaviour(world):
    """Counted from the lake, then asked again; the tier report beside it; the JSON file from a shell."""
    from django.core.cache import cache

    from crm.people.models import User
    from segmentation.reports.building import build
    from segmentation.reports.shown import chapters_of

    reader = User.objects.get(username="analyst")

    def spent(kind, language="en"):
        """Seconds by the clock, and of the processor, which does not depend on what else the machine does."""
        began, busy = time.perf_counter(), time.process_time()
        chapters_of(build(kind=kind, reader=reader, language=language))
        return time.perf_counter() - began, f"{time.process_time() - busy:.1f} s of processor"

    cache.clear()
    spent("behaviour")  # what a web process has loaded long ago
    cache.clear()
    promised = SCREEN_SECONDS if world.accounts <= HUNDRED_THOUSAND else None
    for name, most, asked in (
        ("behaviour report, screen", promised, ("behaviour",)),
        ("behaviour report, again in Chinese", 1.0, ("behaviour", "zh-hans")),  # the numbers are kept, the words are written
        ("tier report, screen", promised, ("tiers",)),
    ):
        seconds, busy = spent(*asked)
        yield Figure(name, seconds, "s", most, note=busy)
    cache.clear()
    ran = world.manage("report", "behaviour", "--format", "json", "--out", world.folder / "report.json")
    yield Figure(
        "behaviour report, file", ran.seconds, "s", max(10.0, COMMAND_SECONDS * world.accounts / MILLION), note="JSON, from a shell"
    )
    yield Figure("behaviour report, peak memory", ran.peak_mib, "MiB", MOST_MIB, note="process tree, without PostgreSQL")


def files(world):
    """What drawing alone costs of each format, apart from counting; then the whole command with its memory."""
    from crm.people.models import User
    from segmentation.reports.building import build
    from segmentation.reports.drawings import DRAWINGS

    documents = [build(kind="behaviour", reader=User.objects.get(username="analyst"), language=language) for language in ("en", "zh-hans")]
    for format, most in FILES.items():
        DRAWINGS[format](documents[0])  # what a worker has loaded long ago
        busy, sizes = time.process_time(), []
        for document in documents:
            sizes.append(len(DRAWINGS[format](document)))
        spent = (time.process_time() - busy) / len(documents)
        yield Figure(f"drawing {format}, processor", spent, "s", note=f"{sum(sizes) / len(sizes) / 1024:,.0f} KB")
        ran = world.manage("report", "behaviour", "--format", format, "--language", "zh-hans", "--out", world.folder / f"report.{format}")
        promised = most if world.accounts <= HUNDRED_THOUSAND else COMMAND_SECONDS * world.accounts / MILLION
        yield Figure(
            f"behaviour report as {format}, whole command",
            ran.seconds,
            "s",
            promised,
            note=f"from a shell; {ran.processor:.1f} s of processor",
        )
        yield Figure(f"behaviour report as {format}, peak memory", ran.peak_mib, "MiB", MOST_MIB, note="process tree, without PostgreSQL")
