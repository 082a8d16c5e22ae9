"""A draft policy on the features of the last run: what an analyst waits for."""

import json

from bench.figures import MILLION, Figure, mib_at

SECONDS_AT_100K, SECONDS_AT_MILLION = 3.0, 20.0


def draft(world):
    """Other weights, tiers by score, no hysteresis: most accounts are judged differently."""
    ran = world.manage("simulate", str(_draft()), "--json")
    told = json.loads(ran.output.strip().splitlines()[-1])
    note = f"{told['accounts']:,} accounts, {told['up'] + told['down']:,} would move"
    yield Figure("simulation of a draft policy", told["seconds"], "s", _limit(world.accounts), note=note)
    yield Figure("simulation, peak memory", ran.peak_mib, "MiB", mib_at(world.accounts, 4096), note="by the kernel, without PostgreSQL")


def _limit(accounts):
    """As promised at a hundred thousand and at a million, evenly between."""
    beyond = max(0, accounts - MILLION // 10) / (MILLION - MILLION // 10)
    return SECONDS_AT_100K + (SECONDS_AT_MILLION - SECONDS_AT_100K) * beyond


def _draft():
    from django.db import connection

    from segmentation.policies import services

    source = services.in_force()["value"]
    changes = {"method": "combined", "tier_by": "cutoff", "runs": 1, "margin": 0.0, "current_share": 0.5}
    made = services.draft(source=source, by=None)
    services.edit(policy=made, body=source.body | changes, note="bench", by=None)
    connection.close()
    return made.pk
