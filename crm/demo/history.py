"""What accounts were before: who bought from whom, how large the contract was, when own supply came, when contracts were renewed."""

import numpy as np
import pyarrow as pa

from crm.accounts.models import AccountChange
from crm.demo.loading import copy_in, reserve

TERM = 900  # days a supply contract runs
SWITCHED, SELF_SUPPLY, REDUCED, STOP = 8, 9, 10, 5  # as `supply.Story`
LEFT_OF_IT = 0.6  # of the capacity after a reduction, as of its use


def event_days(plan, accounts, draw="event days"):
    """The day within its month on which each account's story turns."""
    return plan.periods[accounts.event].astype("datetime64[D]") + plan.random(draw).integers(0, 27, len(accounts.ids)).astype(
        "timedelta64[D]"
    )


def ends_of_switchers(plan, accounts, ends):
    """A supplier is changed when the contract ends; the new one runs a term from there."""
    went = accounts.story == SWITCHED
    return np.where(went, event_days(plan, accounts) + np.timedelta64(TERM, "D"), ends)


def before_reduction(accounts):
    """Contract capacity before it was reduced, kVA."""
    return np.round(accounts.kva / LEFT_OF_IT)


def write(plan, accounts, ends, suspended):
    """Dated changes up to today. Returns rows written."""
    day, was = event_days(plan, accounts), plan.random("history")
    first = plan.periods[0].astype("datetime64[D]")
    went, stars = accounts.story == SWITCHED, np.isin(np.arange(len(accounts.ids)), list(accounts.stars))
    # A renewal: the old end lay a few weeks around the day the present contract began.
    begun = ends - np.timedelta64(TERM, "D")
    renewed = ~np.isnat(ends) & (begun > first) & (begun <= plan.today) & (accounts.opened < begun) & ~stars
    old_end = np.where(went, day + was.integers(-10, 25, len(day)).astype("timedelta64[D]"), begun + np.timedelta64(20, "D"))
    own = (accounts.story == SELF_SUPPLY) & ~np.isnan(accounts.pv_kw)
    parts = [
        _part("market_status", went & ~stars, "agency", "retailer", day),
        _part("contract_ends_on", renewed, old_end.astype("datetime64[D]").astype(str), ends.astype(str), np.where(went, day, begun)),
        _part("has_pv", own, "false", "true", day),
        _part(
            "contract_kva", accounts.story == REDUCED, before_reduction(accounts).astype(str), accounts.kva.astype(float).astype(str), day
        ),
        _part("status", suspended & (accounts.story == STOP), "active", "suspended", day),
    ]
    rows = [(np.flatnonzero(who & (on <= plan.today) & (on > accounts.opened)), field, old, new, on) for field, who, old, new, on in parts]
    total = sum(len(who) for who, *_ in rows)
    if not total:
        return 0
    text = lambda it, who: np.full(len(who), it) if isinstance(it, str) else it[who]  # noqa: E731
    return copy_in(AccountChange, {
        "id": reserve(AccountChange, total),
        "account": np.concatenate([accounts.ids[who] for who, *_ in rows]),
        "field": pa.array([field for who, field, *_ in rows for _ in who]),
        "old": np.concatenate([text(old, who) for who, _, old, _, _ in rows]).astype(str),
        "new": np.concatenate([text(new, who) for who, _, _, new, _ in rows]).astype(str),
        "happened_on": np.concatenate([on[who].astype("datetime64[D]") for who, *_, on in rows]),
    })  # fmt: skip


def _part(field, who, old, new, on):
    return field, who, old, new, on
