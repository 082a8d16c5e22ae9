"""From facts to standings: the first time, and on a warm lake with a part of the standings changed."""

import json

from bench.figures import Figure, mib_at, seconds_at
from bench.months import judged_on, last_billed

CHANGED_ONE_IN = 20  # accounts whose last bill is changed before the warm recompute


def first(world):
    """First sync of every bill from PostgreSQL, first publication into an empty table."""
    ran = world.manage("recompute", "--as-of", judged_on().isoformat(), "--json")
    summary = json.loads(ran.output.strip().splitlines()[-1])
    seconds = {stage["stage"]: stage["seconds"] for stage in summary["stages"]}
    judged = sum(seconds.values()) - seconds["sync"]
    yield Figure("first lake sync", seconds["sync"], "s", seconds_at(world.accounts, 60), note=f"{world.accounts * world.months:,} bills")
    yield Figure(
        "judge and publish, first time", judged, "s", seconds_at(world.accounts, 45), note=f"{summary['counts']['accounts']:,} standings"
    )
    yield Figure("first recompute, peak memory", ran.peak_mib, "MiB", mib_at(world.accounts, 4096), note="process tree, without PostgreSQL")


def warm(world):
    """The everyday recompute: one account in twenty has a changed bill, the lake holds the rest, and there were recomputes before."""
    world.manage("recompute", "--as-of", judged_on().isoformat(), "--json")
    change_bills()
    ran = world.manage("recompute", "--as-of", judged_on().isoformat(), "--json")
    summary = json.loads(ran.output.strip().splitlines()[-1])
    seconds = {stage["stage"]: stage["seconds"] for stage in summary["stages"]}
    written = summary["counts"].get("written", 0)
    share = f"{100 * written / max(summary['counts']['accounts'], 1):.0f} % of standings written"
    yield Figure("recompute, warm lake", sum(seconds.values()), "s", seconds_at(world.accounts, 30), note=share)
    yield Figure("recompute, whole command", ran.seconds, "s", note="with the start of Python")
    yield Figure("publish by difference", seconds["publish"], "s", note=f"{written:,} rows written")
    yield Figure("recompute, peak memory", ran.peak_mib, "MiB", mib_at(world.accounts, 4096), note="process tree, without PostgreSQL")
    for stage, took in seconds.items():
        yield Figure(f"  stage {stage}", took, "s")


def change_bills():
    from django.db import connection, transaction

    from crm.changes.services import touch

    last = last_billed()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update crm_bill set kwh = round(kwh * 0.4) where period = %s and account_id %% %s = 0", [last, CHANGED_ONE_IN])
        touch(table="bills", periods=[last])
    connection.close()
