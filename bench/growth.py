"""Ten times the accounts must cost no more than eleven times as much: features and value out of core, on synthetic Parquet."""

import json
import shutil
import sys

from bench import synthetic
from bench.figures import MILLION, Figure

TIMES = 10
MOST_TIMES = 11
MOST_SECONDS, MOST_MIB = 300, 8192


def by_ten(world):
    """A tenth of the accounts, and all; from a million on, ten times as many as well."""
    sizes = [world.accounts // TIMES, world.accounts] + [world.accounts * TIMES] * (world.accounts >= MILLION)
    before = None
    for accounts in sizes:
        took = _judged(world, accounts)
        seconds = took["features"] + took["value"]
        large = accounts >= TIMES * MILLION
        note = f"features {took['features']:.1f} s, value {took['value']:.1f} s; {accounts * synthetic.MONTHS:,} bills"
        yield Figure(f"features and value, {accounts:,}", seconds, "s", MOST_SECONDS if large else None, note=note)
        yield Figure(f"features and value, {accounts:,}, peak", took["peak_mib"], "MiB", MOST_MIB if large else None)
        if before:
            grown = seconds / before
            yield Figure(f"growth to {accounts:,}", grown, "times", MOST_TIMES, note=f"cost of {TIMES} x the accounts")
        before = seconds


def _judged(world, accounts):
    folder = world.folder / "synthetic"
    try:
        synthetic.write(folder, accounts)
        ran = world.run([sys.executable, "-m", "bench.synthetic", str(folder), str(accounts)])
        return json.loads(ran.output.strip().splitlines()[-1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
