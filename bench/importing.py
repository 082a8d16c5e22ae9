"""Bills as they come: a large file, and the month of every account, once, again with corrections, and again unchanged."""

import csv
import datetime as dt
import json

from bench.figures import STARTING_SECONDS, Figure, seconds_at
from bench.months import after, last_billed
from bench.world import scratch_file

ROWS = 200_000
DAY = dt.timedelta(days=1)
CORRECTED = "case when a.id % 20 = 0 then kwh + 1 else kwh end"  # one bill in twenty


def bills(world):
    """200,000 new bills from one CSV file: 30 s and 500 MiB are promised."""
    _take_back()
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


def upsert(world):
    """One month of every account, 40 s promised at a million: into months that are there, and with the month there already."""
    _take_back()
    new, corrected, same = (_month_file(world, *of) for of in (("new", "kwh"), ("corrected", CORRECTED), ("same", CORRECTED)))
    promised = seconds_at(world.accounts, 40)
    for name, path, counted in (
        ("new month", new, "created"),
        ("corrected month", corrected, "updated"),
        ("month again", same, "unchanged"),
    ):
        before = _ledger()
        ran = world.manage("import_file", "bills", path, "--json")
        outcome = json.loads(ran.output)
        note = f"{outcome['rows_total']:,} rows, {outcome[counted]:,} {counted}, {_ledger() - before} months for the lake to rewrite"
        yield Figure(f"upsert of bills, {name}", ran.seconds, "s", promised, note=note)
        expected = 0 if name == "month again" else 1
        yield Figure(f"upsert, {name}: months dirty", _ledger() - before, "months", expected)
    yield Figure("upsert of bills, peak memory", ran.peak_mib, "MiB", 500, note="process tree, without PostgreSQL")


def _month_file(world, name, kwh):
    """A CSV file of the month that runs now for every open account, from its last bill. `kwh`: SQL. The name makes each file another."""
    from django.db import connection

    path, month = scratch_file(world, f"month-{name}.csv"), after(after(after(last_billed())))
    columns = "sharp_kwh, peak_kwh, flat_kwh, valley_kwh, basic_charge, energy_charge, adjustment, funds, total"
    with path.open("w") as file, connection.cursor() as cursor:
        cursor.copy_expert(
            f"""copy (select a.number as account, '{month:%Y-%m}' as period, {kwh} as kwh, {columns}, date '{month}' + 32 as issued_on,
                  date '{month}' + 50 as due_on, '{name}' as remark
                from crm_bill b join crm_account a on a.id = b.account_id where period = '{last_billed()}' and a.closed_on is null
                order by a.number) to stdout (format csv, header)""",
            file,
        )
    connection.close()
    return path


def _ledger():
    """How many marks of dirty months of bills the ledger holds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from crm_dirtymonth where \"table\" = 'bills'")
        found = cursor.fetchone()[0]
    connection.close()
    return found


def _take_back():
    """In a world that is used again: what earlier measurements imported goes first."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from crm_bill where period > %s", [last_billed()])
        cursor.execute("delete from crm_importbatch")
    connection.close()


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
