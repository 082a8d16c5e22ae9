"""What is asked for: how large, how long, from which seed, until when."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

ISSUED_AFTER_DAYS = 2  # a month's bills are out on the 3rd of the next


@dataclass(frozen=True)
class Plan:
    """`until`: first day of the last billed month; `now`: aware moment after which nothing has happened yet."""

    accounts: int
    months: int
    seed: int
    until: dt.date
    now: dt.datetime

    def random(self, step, part=0):
        """A generator of its own for each step and part, so that a change in one leaves the others as they were."""
        return np.random.default_rng([self.seed, sum(ord(letter) * 31**place for place, letter in enumerate(step)) % 2**31, part])

    @property
    def today(self):
        return np.datetime64(self.now.date())

    @property
    def periods(self):
        """First days of the billed months, oldest first, datetime64[M]."""
        return np.datetime64(self.until, "M") + np.arange(1 - self.months, 1)


def pick(random, share, rows):
    """Indices drawn with the given weights."""
    weights = np.cumsum(np.asarray(share, float))
    return np.searchsorted(weights, random.random(rows) * weights[-1], side="right").clip(0, len(weights) - 1)


def last_billed_month(day):
    """First day of the last month whose bills are out on `day`: on the 1st and 2nd, the month before last."""
    issued_in = (day - dt.timedelta(days=ISSUED_AFTER_DAYS)).replace(day=1)
    return (issued_in - dt.timedelta(days=1)).replace(day=1)
