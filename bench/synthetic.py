"""Facts of any size written straight to Parquet as the lake lays them out, and features and value judged from them in a process of its own.

`python -m bench.synthetic FOLDER ACCOUNTS` judges what stands in the folder and prints seconds by step and the process' peak as JSON.
"""

import datetime as dt
import json
import os
import resource
import sys
import time
from pathlib import Path

MONTHS = 24
LAST = dt.date(2026, 8, 1)
AS_OF = dt.date(2026, 9, 15)
BLOCK = 1_000_000  # accounts whose features are held at a time
MEMORY = "3GB"

ACCOUNTS = """select i::bigint as account_id, ['residential', 'general_commercial', 'large_industrial', 'agricultural'][1 + least(i % 20 // 5, 3)]
    as category, 'U' || (i % 50) as unit_code, 'agency' as market_status, 50.0 + i % 1950 as contract_kva, date '2015-01-01' + (i % 3000)::int as opened_on,
    false as prepaid, false as hazard_open from range(1, {past}) t(i)"""
ROWS = """select i::bigint as account_id, (date '2024-09-01' + to_months(m::int))::date as period,
    (50 + hash(i) % 20000) * (80 + hash(i * 64 + m) % 40) // 100 as used, hash(i * 64 + m) % 1000 as chance
    from range(1, {past}) a(i), range({first}, {until}) t(m)"""
BILLS = """select account_id, period, used::double as kwh, if(account_id % 10 = 0, used / 300.0, null) as max_demand_kw, (used * 60)::bigint as energy_fen,
    (used * 61)::bigint as total_fen, period + 33 as issued_on, period + 50 as due_on, 30::bigint as days_in_period from ({rows}) order by account_id, period"""
PAYMENTS = """select account_id, (period + 35 + (chance // 50)::int)::date as paid_on, (used * 61)::bigint as amount_fen, period,
    if(chance % 2 = 0, 'online', 'cash') as channel from ({rows}) where chance < 980 order by account_id, period"""


def write(folder: Path, accounts: int):
    """Accounts, bills and payments; a year of bills a file, sorted by account."""
    import duckdb

    session = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(folder / "spill")})
    os.makedirs(folder, exist_ok=True)

    def copy(query, name):
        session.execute(f"copy ({query}) to '{folder / name}' (format parquet, compression lz4_raw)")

    copy(ACCOUNTS.format(past=accounts + 1), "accounts.parquet")
    for first, until in ((0, 4), (4, 16), (16, MONTHS)):
        rows = ROWS.format(past=accounts + 1, first=first, until=until)
        copy(BILLS.format(rows=rows), f"bills-{first}.parquet")
        copy(PAYMENTS.format(rows=rows), f"payments-{first}.parquet")


def judge(folder: Path, accounts: int) -> dict:
    """Features a block of accounts at a time, kept as files; value over all accounts. Nothing is published."""
    import duckdb
    from pyarrow import parquet

    from segmentation.engine.features import compute
    from segmentation.engine.judge import assess
    from segmentation.engine.policy import Policy

    began = time.perf_counter()
    session = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(folder / "spill")})
    tables = {
        name: session.read_parquet(f"{folder}/{name}*.parquet", hive_partitioning=False) for name in ("accounts", "bills", "payments")
    }
    kept = []
    for start in range(1, accounts + 1, BLOCK):
        part = compute(tables, AS_OF, accounts=(start, min(start + BLOCK, accounts + 1) - 1)).collect("pyarrow").to_native()
        kept.append(folder / f"features-{start}.parquet")
        parquet.write_table(part, kept[-1], compression="lz4", use_dictionary=False)
        del part
    session.close()
    measured = time.perf_counter()
    policy = Policy()
    columns = ["account_id", "category", "is_closed", *(it.feature for it in policy.value.indicators)]
    valued, _level, _borders = assess(parquet.read_table(kept, columns=columns).combine_chunks(), policy)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"features": measured - began, "value": time.perf_counter() - measured, "peak_mib": peak, "judged": int(valued.judged.sum())}


if __name__ == "__main__":
    print(json.dumps(judge(Path(sys.argv[1]), int(sys.argv[2]))))
