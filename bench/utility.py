"""Making the synthetic utility."""

from bench.figures import STARTING_SECONDS, Figure
from bench.months import last_billed

PROMISED_ACCOUNTS, PROMISED_MONTHS, PROMISED_SECONDS = 20_000, 36, 60


def create(world):
    """20,000 accounts with 36 bills each are promised in 60 s; asked of any size is the same pace, and two seconds for starting."""
    until = f"{last_billed():%Y-%m}"
    ran = world.manage("create_demo", "--accounts", world.accounts, "--months", world.months, "--until", until)
    bills = world.accounts * world.months
    pace = PROMISED_ACCOUNTS * PROMISED_MONTHS / PROMISED_SECONDS
    yield Figure(
        "create_demo", ran.seconds, "s", STARTING_SECONDS + bills / pace, note=f"{world.accounts:,} accounts x {world.months} bills"
    )
    yield Figure("create_demo, pace", bills / ran.seconds, "bills/s")
    yield Figure("create_demo, peak memory", ran.peak_mib, "MiB", note="process tree, without PostgreSQL")
