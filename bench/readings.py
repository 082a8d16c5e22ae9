"""Interval readings: how fast they come in, and how fast an account's year comes out of many."""

import json
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from bench.figures import MILLION, Figure
from bench.world import scratch_file

DAYS, SLOTS = 10, 96
CSV_ACCOUNTS = {True: 20_000, False: 1_500}  # at a million accounts, and below
POINTS, POINT_READINGS = 10, 35_040  # a year of quarters for each usage point
YEAR_ACCOUNTS = {True: 10_000, False: 1_000}  # at a million accounts, and below
ASKED = 60
FIRST_DAY = "2026-06-01"


def csv_file(world):
    """15-minute readings from one CSV file: a million a second are promised, staging, comparing and writing included."""
    _take_back()
    path, rows = scratch_file(world, "readings.csv"), _write_csv(world)
    outcome, ran = _load(world, path)
    note = f"{rows:,} readings of {rows // (DAYS * SLOTS):,} accounts, {ran.peak_mib:,.0f} MiB peak, from the first byte read to the commit"
    yield Figure("readings, CSV", rows / outcome["seconds"], "readings/s", MILLION, at_least=True, note=note)
    yield Figure("readings, CSV, rows landed", outcome["created"], "readings", rows, at_least=True)
    path.write_bytes(path.read_bytes() + b"\n")  # another file to the ledger, the same readings
    outcome, _ran = _load(world, path)
    yield Figure("readings, CSV again", rows / outcome["seconds"], "readings/s", note=f"{outcome['unchanged']:,} unchanged")


def green_button(world):
    """Green Button XML: 100,000 readings a second are promised."""
    _take_back()
    path, rows = scratch_file(world, "readings.xml"), _write_xml(world)
    outcome, _ran = _load(world, path)
    note = f"{rows:,} readings of {POINTS} usage points, {path.stat().st_size / 1e6:,.0f} MB, {outcome['created']:,} landed"
    yield Figure("readings, Green Button", rows / outcome["seconds"], "readings/s", 100_000, at_least=True, note=note)


def year_of_an_account(world):
    """Load factor, peak and the curve of a day from a year of readings of one account among many: 200 ms are promised."""
    from segmentation.readings import services

    _take_back()
    accounts = YEAR_ACCOUNTS[world.accounts >= MILLION]
    mib = _write_year(accounts)
    ids = np.random.default_rng(5).integers(1, accounts + 1, ASKED).tolist()
    took, worked = [], []
    for account in ids:
        began, cpu = time.perf_counter(), time.process_time()
        load = services.load_of(account_id=account)
        load.facts(), services.chart(load)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    note = f"p95 of {ASKED}, median {np.median(took):.0f} ms, {np.median(worked):.0f} ms of the processor; {accounts:,} accounts x 365 days x 96, {mib:,.0f} MiB of files"
    yield Figure("readings, a year of one account", float(np.percentile(took, 95)), "ms", 200, note=note)
    _take_back()


MEASURES = [csv_file, green_button, year_of_an_account]


def _load(world, path):
    ran = world.manage("import_file", "readings", path, "--json")
    return json.loads(ran.output), ran


def _take_back():
    from crm.imports.models import ImportBatch
    from segmentation.readings.models import ReadingsFile

    ReadingsFile.objects.all().delete()
    ImportBatch.objects.filter(kind="readings").delete()


def _csv_accounts(world):
    return CSV_ACCOUNTS[world.accounts >= MILLION]


def _numbers(many):
    from crm.accounts.models import Account

    return list(Account.objects.order_by("id").values_list("number", flat=True)[:many])


def _write_csv(world):
    numbers = _numbers(_csv_accounts(world))
    random = np.random.default_rng(3)
    moments = np.datetime64(f"{FIRST_DAY}T00:00", "m") + np.arange(DAYS * SLOTS) * np.timedelta64(15, "m")
    texts = pa.array(np.char.replace(np.datetime_as_string(moments, unit="m"), "T", " "))
    schema = pa.schema([("account", pa.string()), ("start", pa.string()), ("kwh", pa.float64())])
    rows = 0
    with pa_csv.CSVWriter(scratch_file(world, "readings.csv"), schema, write_options=pa_csv.WriteOptions(quoting_style="none")) as file:
        for number in numbers:
            kwh = np.round(random.lognormal(1, 0.3, len(moments)), 3)
            file.write_table(pa.table([pa.array([number] * len(moments)), texts, pa.array(kwh)], schema=schema))
            rows += len(moments)
    return rows


def _write_xml(world):
    espi, start = 'xmlns="http://naesb.org/espi"', 1_750_000_000 // 900 * 900
    values = np.random.default_rng(4).integers(50, 900, POINT_READINGS)
    reading = "<IntervalReading>\n<timePeriod>\n<duration>900</duration>\n<start>{}</start>\n</timePeriod>\n<value>{}</value>\n</IntervalReading>\n"
    with scratch_file(world, "readings.xml").open("w") as file:
        file.write('<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n')
        file.write(
            f'<entry><link rel="self" href="/ReadingType/1"/><content><ReadingType {espi}><intervalLength>900</intervalLength><uom>72</uom></ReadingType></content></entry>\n'
        )
        for at, number in enumerate(_numbers(POINTS)):
            point = f"/UsagePoint/{at}"
            file.write(f'<entry><link rel="self" href="{point}"/><title>{number}</title><content><UsagePoint {espi}/></content></entry>\n')
            file.write(
                f'<entry><link rel="self" href="{point}/MeterReading/1"/><link rel="related" href="/ReadingType/1"/><content><MeterReading {espi}/></content></entry>\n'
            )
            for day in range(0, POINT_READINGS, SLOTS):
                block = "".join(reading.format(start + (day + slot) * 900, values[day + slot]) for slot in range(SLOTS))
                file.write(
                    f'<entry><link rel="self" href="{point}/MeterReading/1/IntervalBlock/{day}"/><content><IntervalBlock {espi}>{block}</IntervalBlock></content></entry>\n'
                )
        file.write("</feed>\n")
    return POINTS * POINT_READINGS


def _write_year(accounts) -> float:
    """Twelve months of files, written as a load writes them; MiB."""
    import datetime as dt

    from django.db import transaction
    from django.utils import timezone

    from crm.billing.year import month_back
    from segmentation.lake.session import lake, open_session
    from segmentation.readings import days, standing
    from segmentation.readings.matrix import UNKNOWN, WIDEST, Days

    random = np.random.default_rng(6)
    shape = (60 + 40 * np.sin(np.linspace(0, 2 * np.pi, SLOTS))) * 4
    level = random.lognormal(1, 1, accounts)
    today, where = dt.date(2026, 10, 31), lake()
    written = []
    with open_session(of=where) as session, transaction.atomic():
        for first in (month_back(today.replace(day=1), back) for back in range(11, -1, -1)):
            past = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
            numbers = np.arange(days.number_of(first), min(days.number_of(past), days.number_of(today) + 1))
            many = accounts * len(numbers)
            wh = np.full((many, WIDEST), UNKNOWN, np.int32)
            wh[:, :SLOTS] = np.repeat(level, len(numbers))[:, None] * (shape + random.integers(0, 40, (many, SLOTS), np.int16))
            whose, which = np.repeat(np.arange(1, accounts + 1), len(numbers)), np.tile(numbers, accounts)
            table = Days(whose, np.zeros(many, bool), which, np.full(many, 15, np.uint8), np.full(many, SLOTS), wh).table()
            session.register("made", table)
            file = standing.write(session=session, lake=where, query="select * from made", period=first, batch_id=None, at=timezone.now())
            session.unregister("made")
            if file:
                written.append(where.readings(first, file.pk))
    return sum(Path(path).stat().st_size for path in written) / 2**20
