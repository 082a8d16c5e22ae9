"""Making the synthetic utility."""

from bench.figures import MILLION, Figure, seconds_at
from bench.months import last_billed

STARTING_MIB = 1280  # at any size: PostgreSQL's buffers of 512 and as much to sort in (`_with_room_to_sort`), Python and numpy


def create(world):
    """A million accounts with 24 bills each, two million tickets, payments and visits are promised in 600 s and 4 GiB, PostgreSQL's own
    memory included."""
    until = f"{last_billed():%Y-%m}"
    ran = world.manage("create_demo", "--accounts", world.accounts, "--months", world.months, "--until", until)
    bills = world.accounts * world.months
    yield Figure("create_demo", ran.seconds, "s", seconds_at(bills / 24, 600), note=f"{world.accounts:,} accounts x {world.months} bills")
    yield Figure("create_demo, pace", bills / ran.seconds, "bills/s")
    both = ran.peak_mib + ran.postgres_mib
    note = f"{ran.peak_mib:,.0f} MiB process tree, {ran.postgres_mib:,.0f} MiB PostgreSQL"
    allowed = STARTING_MIB + (4096 - STARTING_MIB) * world.accounts / MILLION
    yield Figure("create_demo, peak memory", both, "MiB", allowed, note=note)
