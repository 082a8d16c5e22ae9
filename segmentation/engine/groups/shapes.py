"""What is compared: one row of shares per account, so that size plays no part, and the few measures of a row that can be said in words."""

from dataclasses import dataclass, field

import numpy as np

KINDS = ("monthly", "bands", "daily")
BANDS = ("sharp", "peak", "flat", "valley")
HOURS = 24
YEAR = 12
SUMMER, WINTER, SPRING, AUTUMN = (5, 6, 7, 8), (11, 0, 1), (2, 3, 4), (9, 10)
NIGHT, WORK, EVENING = (*range(7), 23), tuple(range(8, 18)), tuple(range(18, 23))
LEAST_ANSWERED = 0.3  # share of the accounts that must have answered before an answer is compared
ANSWERS = "satisfaction"


@dataclass(frozen=True)
class Shapes:
    """`values` accounts x `columns`, sorted by account_id; `shown` the measures a rule may be said in, accounts x `said`.

    `left_out`: accounts of which too little is known to be compared."""

    kind: str
    account_id: np.ndarray
    columns: tuple[str, ...]
    values: np.ndarray
    said: tuple[str, ...]
    shown: np.ndarray
    left_out: int = 0
    notes: dict = field(default_factory=dict)

    def __len__(self):
        return len(self.account_id)


def monthly(account_id, kwh, newest_month: int) -> Shapes:
    """Of 12 monthly kWh, oldest first, the newest of `newest_month` (1 to 12). Columns are calendar months, January first, over the account's
    highest month, so a run in March and one in August compare like with like. Left out: a month unknown, or no use at all."""
    kwh = np.asarray(kwh, float)
    calendar = kwh[:, (np.arange(YEAR) - newest_month) % YEAR]
    ids, values, left_out = _whole(account_id, calendar)
    mean = values.mean(axis=1)
    part = {name: sum(values[:, month] for month in months) / len(months) / mean for name, months in _SEASONS.items()}
    said = {**part, "unsteady": values.std(axis=1) / mean, "lowest": values.min(axis=1)}
    return Shapes("monthly", ids, tuple(f"m{month:02d}" for month in range(1, 13)), values, tuple(said), _columns(said), left_out)


_SEASONS = {"summer": SUMMER, "winter": WINTER, "spring": SPRING, "autumn": AUTUMN}


def bands(account_id, shares) -> Shapes:
    """Of the shares of a year's use in sharp, peak, flat and valley hours. Left out: accounts on one register."""
    shares = np.asarray(shares, float)
    order = np.argsort(account_id, kind="stable")
    ids, shares = np.asarray(account_id)[order], shares[order]
    known = ~np.isnan(shares).any(axis=1)
    return Shapes("bands", ids[known], BANDS, shares[known], BANDS, shares[known], int((~known).sum()))


def daily(account_id, kwh_by_hour) -> Shapes:
    """Of the mean kWh of each hour of the day, over the account's highest hour. Left out: an hour never read, or no use."""
    ids, values, left_out = _whole(account_id, np.asarray(kwh_by_hour, float).reshape(-1, HOURS))
    whole = values.sum(axis=1)
    said = {name: values[:, list(hours)].sum(axis=1) / whole for name, hours in {"night": NIGHT, "work": WORK, "evening": EVENING}.items()}
    said["lowest_hour"] = values.min(axis=1)
    return Shapes("daily", ids, tuple(f"h{hour:02d}" for hour in range(HOURS)), values, tuple(said), _columns(said), left_out)


def with_answers(shapes: Shapes, account_id, satisfaction) -> Shapes:
    """The same with the mean answer to the satisfaction question as one more column, 1 to 5 points as 0 to 1; who gave none stands at the mean.

    Unchanged, and noted, where too few have answered."""
    place = np.searchsorted(account_id, shapes.account_id)
    given = (np.asarray(satisfaction, float)[np.minimum(place, len(account_id) - 1)] - 1) / 4
    answered = float((~np.isnan(given)).mean()) if len(given) else 0.0
    if answered < LEAST_ANSWERED:
        return _noted(shapes, answered=answered, answers_used=False)
    column = np.where(np.isnan(given), np.nanmean(given), given)[:, None]
    joined = Shapes(
        shapes.kind, shapes.account_id, (*shapes.columns, ANSWERS), np.hstack([shapes.values, column]),
        (*shapes.said, ANSWERS), np.hstack([shapes.shown, 1 + 4 * column]), shapes.left_out,
    )  # fmt: skip
    return _noted(joined, answered=answered, answers_used=True)


def _noted(shapes, **notes):
    return Shapes(
        shapes.kind, shapes.account_id, shapes.columns, shapes.values, shapes.said, shapes.shown, shapes.left_out, shapes.notes | notes
    )


def _whole(account_id, values):
    """(accounts in order, values over the row's highest, how many were left out) of rows that are known throughout and not all zero."""
    ids = np.asarray(account_id)
    if not (ids[1:] > ids[:-1]).all():
        order = np.argsort(ids, kind="stable")
        ids, values = ids[order], values[order]
    values = np.maximum(values, 0.0)
    top = values.max(axis=1, initial=0.0)
    known = ~np.isnan(values).any(axis=1) & (top > 0)
    return ids[known], values[known] / top[known, None], int((~known).sum())


def _columns(said):
    return np.column_stack(list(said.values())) if said else np.empty((0, 0))
