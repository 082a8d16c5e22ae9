"""From facts to standings: the first time, and on a warm lake with a part of the standings changed."""

import datetime as dt
import json
import time
from contextlib import contextmanager
from threading import Event, Thread

from bench.figures import Figure, mib_at, seconds_at
from bench.load import percentile
from bench.months import judged_on, last_billed
from config.embedded.services import HEAVY_NICE

CORRECTED_ONE_IN = 20  # accounts whose last bill is corrected before the warm recompute: about 5 % of standings change
LOOK_EVERY = 0.1  # seconds between two looks at the portfolio
LONGEST_LOOK_MS = 500


def first(world):
    """First sync of every bill from PostgreSQL, first publication into an empty table."""
    ran, summary = recompute(world, judged_on())
    seconds = {stage["stage"]: stage["seconds"] for stage in summary["stages"]}
    judged = took_by(summary) - seconds["sync"]
    bills = summary["counts"]["mirror_seconds"]["bills"]
    yield Figure("first lake sync, bills", bills, "s", seconds_at(world.accounts, 60), note=f"{world.accounts * world.months:,} bills")
    yield Figure("first lake sync, all tables", seconds["sync"], "s", note=f"{summary['stages'][0]['rows']:,} rows")
    yield Figure(
        "judge and publish, first time", judged, "s", seconds_at(world.accounts, 45), note=f"{summary['counts']['accounts']:,} standings"
    )
    yield Figure("first recompute, peak memory", ran.peak_mib, "MiB", mib_at(world.accounts, 4096), note="process tree, without PostgreSQL")


def warm(world):
    """The everyday recompute: some bills were corrected, up or down, the lake holds the rest."""
    change_bills()
    ran, summary = recompute(world, judged_on())
    seconds = {stage["stage"]: stage["seconds"] for stage in summary["stages"]}
    took, written = took_by(summary), summary["counts"].get("written", 0)
    world.warm = summary
    share = f"{100 * written / max(summary['counts']['accounts'], 1):.1f} % of standings written"
    yield Figure("recompute, warm lake", took, "s", seconds_at(world.accounts, 30), note=share)
    yield Figure("recompute, whole command", ran.seconds, "s", note="with the start of Python")
    yield Figure("recompute, peak memory", ran.peak_mib, "MiB", mib_at(world.accounts, 4096), note="by the kernel, without PostgreSQL")
    for stage, spent in seconds.items():
        yield Figure(f"  stage {stage}", spent, "s", note=f"{written:,} rows written" if stage == "publish" else "")


def later(world):
    """A day later next to nothing has changed; a month later every standing has, and people go on reading the portfolio meanwhile."""
    _ran, summary = recompute(world, judged_on() + dt.timedelta(days=1))
    counts = summary["counts"]
    share = 100 * counts["written"] / max(counts["accounts"], 1)
    yield Figure("standings written a day later", share, "%", 20, note="debts are a day older, contracts a day shorter")
    with _looking() as looks:
        _ran, summary = recompute(world, judged_on() + dt.timedelta(days=31))
    counts, publish = summary["counts"], summary["stages"][-1]["seconds"]
    took = took_by(summary)
    note = f"{100 * counts['written'] / counts['accounts']:.0f} % of standings written, publish {publish:.1f} s"
    yield Figure("recompute a month later, while read", took, "s", seconds_at(world.accounts, 45), note=note)
    during = [1000 * (end - start) for start, end in looks if end >= looks[-1][1] - publish - LOOK_EVERY]
    note = f"p50 {percentile(during, 0.5):.0f} ms of {len(during)} looks during a publish of {1000 * publish:.0f} ms"
    yield Figure("portfolio during a publish, slowest", max(during), "ms", LONGEST_LOOK_MS, note=note)


def took_by(summary):
    """Seconds to the end of the last stage. Groups are found beside it, which waits for them."""
    return sum(stage["seconds"] for stage in summary["stages"] if stage["stage"] != "groups")


def recompute(world, day):
    """(what `manage.py recompute` cost, what it said); at the priority of the worker that does it, which yields to readers."""
    ran = world.manage("recompute", "--as-of", day.isoformat(), "--json", nice=HEAVY_NICE)
    return ran, json.loads(ran.output.strip().splitlines()[-1])


@contextmanager
def _looking():
    """Open the portfolio again and again in a thread of its own; gives the list of (began, ended)."""
    looks, over = [], Event()

    def look():
        from django.db import connection
        from django.test import Client
        from django.urls import reverse

        from crm.people.models import User

        client, path = Client(), reverse("segmentation:portfolio")
        client.force_login(User.objects.get(username="analyst"))
        while not over.is_set():
            began = time.perf_counter()
            assert client.get(path).status_code == 200
            looks.append((began, time.perf_counter()))
            over.wait(LOOK_EVERY)
        connection.close()

    thread = Thread(target=look)
    thread.start()
    try:
        yield looks
    finally:
        over.set()
        thread.join()


def change_bills():
    from django.db import connection, transaction

    from crm.changes.services import touch

    last = last_billed()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """update crm_bill set kwh = round(kwh * case when account_id %% %s = 0 then 0.7 else 1.3 end)
            where period = %s and account_id %% %s = 0""",
            [2 * CORRECTED_ONE_IN, last, CORRECTED_ONE_IN],
        )
        touch(table="bills", periods=[last])
    connection.close()
