"""Behaviour groups: accounts that use power alike, found by k-means on normalised shapes. Pure: numpy and scikit-learn, no Django.

::

    from segmentation.engine.groups import group, Settings, monthly, bands, daily

    shapes = monthly(account_id, kwh_by_month, month)       # or bands(...), daily(...): a `Shapes`
    found = group(shapes, Settings(), before=[Centroid(number, names, values)], labels_before=(account_id, number))

`group` raises `CannotGroup` (code and numbers, to be put in words) where there is nothing to find. Everything is settled by the accounts
themselves: rows are put in order of account, the sample is chosen by a hash of the account, seeds are fixed, centres are rounded before the
last assignment and a tie goes to the lower number. The same facts give the same groups in whatever order they come.
"""

from .choosing import K_FROM, K_TO, Candidate, CannotGroup, Settings, quality
from .finding import Found, FoundGroup, get_ready, group
from .matching import Centroid
from .shapes import KINDS, Shapes, bands, daily, monthly, with_answers
from .words import group_name, rules_in_words, suggest

__all__ = [
    "KINDS",
    "K_FROM",
    "K_TO",
    "Candidate",
    "CannotGroup",
    "Centroid",
    "Found",
    "FoundGroup",
    "Settings",
    "Shapes",
    "bands",
    "daily",
    "get_ready",
    "group",
    "group_name",
    "monthly",
    "quality",
    "rules_in_words",
    "suggest",
    "with_answers",
]  # fmt: skip
