"""Days of readings as arrays: one row a day of an account in one direction, one column an interval. Pure."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

UNKNOWN = -1
WIDEST = 100  # a day of 25 hours in quarters
LIST = pa.list_(pa.int32())
SCHEMA = pa.schema([("account_id", pa.int64()), ("received", pa.bool_()), ("day", pa.date32()), ("minutes", pa.uint8()), ("wh", LIST)])


@dataclass
class Days:
    """account_id, received, day (number since 1970), minutes, slots (how many intervals the day has), wh (`UNKNOWN` where none is known)."""

    account_id: np.ndarray
    received: np.ndarray
    day: np.ndarray
    minutes: np.ndarray
    slots: np.ndarray
    wh: np.ndarray

    def __len__(self):
        return len(self.day)

    def of(self, chosen) -> "Days":
        return Days(*(each[chosen] for each in (self.account_id, self.received, self.day, self.minutes, self.slots, self.wh)))

    def table(self) -> pa.Table:
        """As it lies in the lake. Intervals that are not known are null."""
        inside = np.arange(self.wh.shape[1]) < self.slots[:, None]
        flat = self.wh[inside]
        offsets = np.concatenate([[0], np.cumsum(self.slots)]).astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat, pa.int32(), mask=flat == UNKNOWN))
        days = pa.array(self.day.astype(np.int32), pa.int32()).cast(pa.date32())
        return pa.table(
            [pa.array(self.account_id), pa.array(self.received), days, pa.array(self.minutes, pa.uint8()), lists], schema=SCHEMA
        )


def from_table(table: pa.Table) -> Days:
    """The opposite of `Days.table`."""
    lists = table["wh"].combine_chunks()
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.chunk(0) if lists.num_chunks else pa.array([], LIST)
    slots = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = lists.flatten().fill_null(UNKNOWN).to_numpy(zero_copy_only=False)
    wh = np.full((len(slots), WIDEST), UNKNOWN, np.int32)
    wh[np.arange(WIDEST) < slots[:, None]] = flat
    return Days(
        account_id=table["account_id"].to_numpy(), received=table["received"].to_numpy(zero_copy_only=False).astype(bool),
        day=table["day"].cast(pa.int32()).to_numpy(), minutes=table["minutes"].to_numpy(), slots=slots, wh=wh,
    )  # fmt: skip


def merge(new: Days, old: Days) -> tuple[Days, np.ndarray, dict[str, int]]:
    """New days laid over those that stood; both sorted by account, direction, day, `old` a part of `new`'s days.

    Returns (whole days, which of them differ from what stood, readings {"new", "changed", "same"}). Intervals the new day does not know stay
    as they stood; a day read in intervals of another length takes the place of the old one.
    """
    position = _positions(new, old)
    before = np.full_like(new.wh, UNKNOWN)
    before[position] = old.wh
    minutes = np.zeros(len(new), np.int64)
    minutes[position] = old.minutes
    other_length = (minutes != 0) & (minutes != new.minutes)
    before[other_length] = UNKNOWN
    given, stood = new.wh != UNKNOWN, before != UNKNOWN
    changed = given & ((stood & (new.wh != before)) | other_length[:, None])
    fresh = given & ~stood & ~other_length[:, None]
    counts = {"new": int(fresh.sum()), "changed": int(changed.sum())}
    counts["same"] = int(given.sum()) - counts["new"] - counts["changed"]
    whole = Days(new.account_id, new.received, new.day, new.minutes, new.slots, np.where(given, new.wh, before))
    return whole, (changed | fresh).any(axis=1), counts


def _positions(new, old):
    """Where each old day stands among the new."""
    keys = [
        np.rec.fromarrays([each.account_id.astype(np.int64), each.received.astype(np.int8), each.day.astype(np.int64)])
        for each in (new, old)
    ]
    return np.searchsorted(*keys)
