"""`python -m bench [--accounts 100k] [--months M] [--only WORD ...] [--world FOLDER]`: exit code 1 names what falls short."""

import argparse
import datetime as dt
import os
import signal
import sys
import time

from bench import (
    churn,
    complaints,
    figures,
    grouping,
    growth,
    importing,
    judging,
    pages,
    plain,
    readings,
    reports,
    segments,
    simulating,
    utility,
)
from bench.world import World

MEASURES = [
    utility.create,
    judging.first,
    judging.warm,
    churn.planted,
    simulating.draft,
    plain.beside,
    judging.later,
    grouping.groups,
    growth.by_ten,
    pages.mixed,
    reports.behaviour,
    reports.files,
    complaints.under_load,
    importing.bills,
    importing.upsert,
    *readings.MEASURES,
    *segments.MEASURES,
]
NEEDED = {utility.create, judging.first}  # the others build on these
LONG = {churn.planted, reports.files}  # half a minute each, whatever the size: below a million only where their name is asked for


def main():
    wishes = _wishes()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped; nothing was written."))  # leaves no server and no folder behind
    began, found = time.perf_counter(), []
    busy = os.getloadavg()[0]
    if busy > 0.5 * os.cpu_count():
        print(f"This machine is busy (load {busy:.1f} on {os.cpu_count()} cores): the times below will be longer than they need be.")
    with World(wishes.accounts, wishes.months, kept=wishes.world) as world:
        import django

        django.setup()
        for measure in MEASURES:
            name = _name(measure)
            if measure not in NEEDED and not _wished(measure, wishes):
                continue
            if name in world.done:
                continue
            print(f"{name} ...", flush=True)
            started = time.perf_counter()
            for figure in measure(world):
                found.append(figure)
                print(f"    {figure.measure}: {figure.value:,.2f} {figure.unit} {figure.verdict}", flush=True)
            print(f"    ({time.perf_counter() - started:.0f} s)", flush=True)
            if measure in NEEDED:
                world.built(name)
    seconds = time.perf_counter() - began
    print(f"\n{world.accounts:,} accounts x {world.months} months; {seconds:.0f} s in all; {os.cpu_count()} cores\n")
    print("\n".join(figures.table(found)))
    figures.write(
        found,
        accounts=world.accounts,
        months=world.months,
        seconds=round(seconds),
        load_before=round(busy, 1),
        at=dt.datetime.now(dt.UTC).isoformat(),
    )
    short = [figure.measure for figure in found if not figure.holds]
    if short:
        print(f"\nFalls short: {', '.join(short)}", file=sys.stderr)
    return 1 if short else 0


def _wished(measure, wishes):
    if wishes.only:
        return any(word in _name(measure) for word in wishes.only)
    return measure not in LONG or wishes.accounts >= figures.MILLION


def _wishes():
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--accounts", type=_size, default=os.environ.get("SCALE", "100k"), help="as 100k or 1m; default SCALE, else 100k")
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--only", nargs="*", default=[], help="words of measures: " + ", ".join(map(_name, MEASURES)))
    parser.add_argument("--world", metavar="FOLDER", help="keep the servers' data there, and use what is there already")
    return parser.parse_args()


def _size(text):
    """`100k`, `1m` or a plain number."""
    number, unit = (text[:-1], text[-1].lower()) if text[-1:].isalpha() else (text, "")
    try:
        return int(float(number.replace("_", "")) * {"": 1, "k": 1_000, "m": 1_000_000}[unit])
    except (KeyError, ValueError):
        raise argparse.ArgumentTypeError(f"a size is written 100k, 1m or 100000, not {text!r}") from None


def _name(measure):
    return f"{measure.__module__.split('.')[-1]}.{measure.__name__}"


if __name__ == "__main__":
    raise SystemExit(main())
