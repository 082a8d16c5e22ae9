"""Behaviour groups of many accounts: shapes, every number of groups, the tree, who is where."""

import time

import numpy as np

from bench.figures import MILLION, Figure
from segmentation.engine.groups import group, monthly

MOST_SECONDS = 15.0  # for a million
START = 3.0  # learning libraries are loaded, and centres are sought on as many accounts whatever their number


def groups(world):
    """One grouping by month of as many accounts as the world has, made up in memory in four ways of using power."""
    accounts = world.accounts
    rng, months = np.random.default_rng(1), np.arange(12)
    ways = np.stack([np.ones(12), 1 + 0.7 * np.exp(-((months - 6.5) ** 2) / 3), 1 + 0.6 * (months < 2), 1 - 0.6 * (months == 1)])
    kwh = ways[rng.integers(0, 4, accounts)] * (1 + 0.1 * rng.standard_normal((accounts, 12))) * rng.lognormal(8, 1, (accounts, 1))
    began, worked = time.monotonic(), time.process_time()
    found = group(monthly(np.arange(accounts), kwh, 12))
    took, worked = time.monotonic() - began, time.process_time() - worked
    note = f"{found.chosen.k} groups, silhouette {found.chosen.silhouette:.2f}, {worked:.1f} s of the processor"
    yield Figure("groups by month", took, "s", START + (MOST_SECONDS - START) * accounts / MILLION, note=note)
