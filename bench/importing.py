"""A large file of bills, as an administrator loads it."""

import csv
import datetime as dt
import json

from bench.figures import STARTING_SECONDS, Figure
from bench.months import after, last_billed
from bench.world import scratch_file

ROWS = 200_000
DAY = dt.timedelta(days=1)


def bills(world):
    """200,000 new bills from one CSV file: 30 s and 500 MiB are promised."""
    path, rows = scratch_file(world, "bills.csv"), _write(world)
    ran = world.manage("import_file", "bills", path, "--json")
    outcome = json.loads(ran.output)
    landed = outcome["created"]
    yield Figure(
        "import of bills",
        ran.seconds,
        "s",
        STARTING_SECONDS + (30 - STARTING_SECONDS) * rows / ROWS,
        note=f"{landed:,} of {rows:,} rows landed, whole command",
    )
    yield Figure("import, rows landed", landed, "rows", rows, at_least=True)
    yield Figure("import, peak memory", ran.peak_mib, "MiB", 500, note="process tree, without PostgreSQL")


def _write(world):
    """New bills for the two months after the last billed one, up to `ROWS`; returns how many."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select a.number, b.kwh, b.energy_charge, b.total from crm_bill b join crm_account a on a.id = b.account_id"
            " where b.period = %s and a.closed_on is null order by a.number",
            [last_billed()],
        )
        known = cursor.fetchall()
    connection.close()
    written, month = 0, last_billed()
    with scratch_file(world, "bills.csv").open("w", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["account number", "month", "kWh", "energy charge", "total", "issued on", "due on"])
        for _ in range(2):
            month = after(month)
            for bill in known[: ROWS - written]:
                sheet.writerow([bill[0], f"{month:%Y-%m}", *bill[1:], after(month) + 2 * DAY, after(month) + 19 * DAY])
                written += 1
    return written
