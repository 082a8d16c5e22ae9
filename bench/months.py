"""Which months have bills: the last two complete ones stay empty, so that an import has new bills to bring."""

import datetime as dt


def last_billed(day=None):
    """First day of the last billed month."""
    day = (day or dt.date.today()).replace(day=1)
    for _ in range(3):
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return day


def judged_on():
    """A day in the month after the last billed one, when its bills are known."""
    return last_billed() + dt.timedelta(days=45)


def after(month):
    return (month + dt.timedelta(days=32)).replace(day=1)
