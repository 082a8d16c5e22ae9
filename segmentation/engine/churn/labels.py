"""Who met which outcome, when it happened and when it became known; from facts alone.

========== ============================================================== =====================================
outcome    happened on                                                    known on
========== ============================================================== =====================================
closed     the account's closing day                                      that day
switched   market status changed from regulated or agency to a retailer   the day of the change
           or wholesale
reduced    contract capacity made smaller, or supply suspended            the day of the change
self_supply own PV, storage, plant or gas came, and within half a year a  the issue of that month's bill
           month's use fell under 85 % of the same month a year before
declined   12 months' use fell under half of the better of the two years  the issue of the month's bill
           before, as the feature `base_ratio` measures it
========== ============================================================== =====================================

A label asks what became known in (t, t + horizon]. An account counts for the outcome it met first; what follows is the same loss.
"""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .outcomes import OUTCOMES

REGULATED, MARKET = ("regulated", "agency"), ("retailer", "wholesale")
OWN_SUPPLY = ("has_pv", "has_storage", "has_captive_plant", "has_gas")
DECLINED_BELOW = 0.5  # of the best earlier year [1]
FELL_BELOW = 0.85  # of the same month a year before [ours]
FALL_WITHIN = 6  # months after own supply came [ours]
EVENTS = pa.schema([("account_id", pa.int64()), ("outcome", pa.string()), ("happened_on", pa.date32()), ("known_on", pa.date32())])
NEVER = np.datetime64("NaT", "D")


def events(accounts: pa.Table, bills: pa.Table, changes: pa.Table | None, *, until: dt.date) -> pa.Table:
    """Every outcome known on `until`, one row each, sorted by account and day. Columns of the tables: `engine.tables`."""
    last = np.datetime64(until, "D")
    use = Use(bills, last)
    parts = [_closed(accounts)]
    if changes is not None and len(changes):
        parts += [_switched(changes), _reduced(changes), _self_supply(changes, use)]
    parts.append(_declined(use))
    ids, outcome, happened, known = (np.concatenate([part[n] for part in parts]) for n in range(4))
    keep = ~np.isnat(known) & (known <= last)
    ids, outcome, happened, known = ids[keep], outcome[keep], happened[keep], known[keep]
    order = np.lexsort((outcome, known, ids))
    return pa.table(
        [
            pa.array(ids[order]),
            pa.array([OUTCOMES[n] for n in outcome[order]], pa.string()),
            pa.array(happened[order]),
            pa.array(known[order]),
        ],
        schema=EVENTS,
    )


def _event(ids, outcome, happened, known):
    return (
        np.asarray(ids, np.int64),
        np.full(len(ids), OUTCOMES.index(outcome)),
        happened.astype("datetime64[D]"),
        known.astype("datetime64[D]"),
    )


def _days(column) -> np.ndarray:
    return column.cast(pa.date32()).to_numpy().astype("datetime64[D]")


def _closed(accounts):
    gone = accounts.filter(pc.is_valid(accounts["closed_on"]))
    days = _days(gone["closed_on"])
    return _event(gone["account_id"].to_numpy(), "closed", days, days)


def _of_field(changes, *fields):
    return changes.filter(pc.is_in(changes["field"], pa.array(fields)))


def _switched(changes):
    held = _of_field(changes, "market_status")
    away = pc.and_(pc.is_in(held["old"], pa.array(REGULATED)), pc.is_in(held["new"], pa.array(MARKET)))
    held = held.filter(away)
    days = _days(held["happened_on"])
    return _event(held["account_id"].to_numpy(), "switched", days, days)


def _reduced(changes):
    sizes, states = _of_field(changes, "contract_kva"), _of_field(changes, "status")
    sizes = sizes.filter(pc.and_(pc.not_equal(sizes["old"], ""), pc.not_equal(sizes["new"], "")))
    sizes = sizes.filter(pc.less(sizes["new"].cast(pa.float64()), sizes["old"].cast(pa.float64())))
    states = states.filter(pc.equal(states["new"], "suspended"))
    ids = np.concatenate([sizes["account_id"].to_numpy(), states["account_id"].to_numpy()])
    days = np.concatenate([_days(sizes["happened_on"]), _days(states["happened_on"])])
    return _event(ids, "reduced", days, days)


def _self_supply(changes, use):
    held = _of_field(changes, *OWN_SUPPLY)
    held = held.filter(pc.equal(held["new"], "true"))
    ids, days = held["account_id"].to_numpy(), _days(held["happened_on"])
    row, known = use.rows_of(ids), np.full(len(ids), NEVER)
    for after in range(FALL_WITHIN):
        at = days.astype("datetime64[M]").astype(int) - use.first + 1 + after
        inside = (row >= 0) & (at >= 12) & (at < use.months)
        fell = np.zeros(len(ids), bool)
        fell[inside] = use.kwh[row[inside], at[inside]] < FELL_BELOW * use.kwh[row[inside], at[inside] - 12]
        new = fell & np.isnat(known)
        known[new] = use.issued[at[new]]
    return _event(ids, "self_supply", days, known)


def _declined(use):
    """The first month whose last 12 used less than half of the better of the two years before; a year with a month unknown is no year.

    Measured as `base_ratio` is: who has met it is told by that feature alone, where a run scores without looking back further.
    """
    if use.months < 24:
        return _event(np.empty(0), "declined", np.empty(0, "datetime64[D]"), np.empty(0, "datetime64[D]"))
    year = np.full(use.kwh.shape, np.nan)
    running = np.cumsum(np.nan_to_num(use.kwh), axis=1)
    known = np.cumsum(~np.isnan(use.kwh), axis=1)
    before = np.zeros((len(running), 1))
    whole = (known[:, 11:] - np.hstack([before, known[:, :-12]])) == 12
    year[:, 11:] = np.where(whole, running[:, 11:] - np.hstack([before, running[:, :-12]]), np.nan)
    best = np.full(use.kwh.shape, np.nan)
    best[:, 12:] = year[:, :-12]
    best[:, 24:] = np.fmax(best[:, 24:], year[:, :-24])
    below = year < DECLINED_BELOW * best
    row = np.flatnonzero(below.any(axis=1))
    at = below[row].argmax(axis=1)
    happened = (use.first + at + 1).astype("datetime64[M]").astype("datetime64[D]")
    return _event(use.ids[row], "declined", happened, use.issued[at])


class Use:
    """kWh as (accounts, months) from the first month; NaN: no bill known. `issued`: by month, the day most of its bills were out."""

    def __init__(self, bills: pa.Table, last):
        known = bills.filter(pc.less_equal(bills["issued_on"], pa.scalar(last.astype(object), pa.date32())))
        month = _days(known["period"]).astype("datetime64[M]").astype(int)
        self.ids, row = np.unique(known["account_id"].to_numpy(), return_inverse=True)
        self.first, self.months = (int(month.min()), int(month.max() - month.min() + 1)) if len(month) else (0, 0)
        self.kwh = np.full((len(self.ids), self.months), np.nan)
        self.kwh[row, month - self.first] = known["kwh"].to_numpy(zero_copy_only=False)
        issued = _days(known["issued_on"]).astype(int)
        self.issued = np.array(
            [
                np.datetime64(int(np.median(issued[month - self.first == n])), "D") if (month - self.first == n).any() else NEVER
                for n in range(self.months)
            ],
            "datetime64[D]",
        )

    def rows_of(self, ids) -> np.ndarray:
        at = np.searchsorted(self.ids, ids)
        at = np.minimum(at, max(len(self.ids) - 1, 0))
        return np.where(self.ids[at] == ids, at, -1) if len(self.ids) else np.full(len(ids), -1)


def label(happened: pa.Table, account_id, on: dt.date, horizon_days: int) -> tuple[np.ndarray, np.ndarray]:
    """(outcome met first in (on, on + horizon], as an index into `OUTCOMES`, -1 none; outcomes met before, a row of flags) per account."""
    ids, days = happened["account_id"].to_numpy(), _days(happened["known_on"])
    kind = pc.index_in(happened["outcome"], pa.array(OUTCOMES)).to_numpy()
    account_id, start = np.asarray(account_id), np.datetime64(on, "D")
    met, before = np.full(len(account_id), -1), np.zeros((len(account_id), len(OUTCOMES)), bool)
    at = np.minimum(np.searchsorted(account_id, ids), max(len(account_id) - 1, 0))
    here = account_id[at] == ids if len(account_id) else np.zeros(len(ids), bool)
    earlier = here & (days <= start)
    before[at[earlier], kind[earlier]] = True
    inside = np.flatnonzero(here & (days > start) & (days <= start + np.timedelta64(int(horizon_days), "D")))
    first = inside[np.unique(at[inside], return_index=True)[1]]  # rows are sorted by account and day
    met[at[first]] = kind[first]
    return met, before
