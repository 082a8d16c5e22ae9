"""All that was measured of an account beside it: a join for any engine, and a shorter way for tables that live in DuckDB.

Every measured table has at most one row an account, and accounts are sorted by key: where a row belongs is looked up once, and its columns
are moved there one by one. Hash joins carry all columns of all tables along, which cost a third of all features.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa

BATCH = 61_440  # rows that DuckDB gives a core at a time


def lives_in_duckdb(frame) -> bool:
    return isinstance(frame.to_native(), duckdb.DuckDBPyRelation)


def beside(accounts: nw.LazyFrame, measured: Iterable[nw.LazyFrame]) -> nw.LazyFrame:
    """Each account with the columns of each table of `measured` (account_id and others), null where that has no row of it."""
    if lives_in_duckdb(accounts):
        return _aligned(accounts, measured)
    for table in measured:
        accounts = accounts.join(table, on="account_id", how="left")
    return accounts


def _aligned(accounts, measured):
    known = accounts.sort("account_id").collect("pyarrow").to_native()
    keys = known["account_id"].to_numpy()
    columns = {name: known[name] for name in known.column_names}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for frame in measured:
            table = frame.collect("pyarrow").to_native()
            found, names = table["account_id"].to_numpy(), [name for name in table.column_names if name != "account_id"]
            if np.array_equal(found, keys):
                columns |= {name: table[name] for name in names}
                continue
            places = _places(keys, found)
            columns |= zip(names, pool.map(lambda name, of=table, to=places: of[name].combine_chunks().take(to), names), strict=True)
    return nw.from_native(_relation(accounts.to_native(), pa.table(columns)))


def _places(keys, found):
    """For each of the sorted `keys` the row of `found` that is about it; null where none is."""
    if not len(keys):
        return pa.array([], pa.int64())
    at = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
    known = keys[at] == found
    rows = np.full(len(keys), -1)
    rows[at[known]] = np.flatnonzero(known)
    return pa.array(rows, mask=rows < 0)


def _relation(other, table):
    """The table as a relation of the connection that `other` belongs to."""
    batches = pa.Table.from_batches(table.combine_chunks().to_batches(max_chunksize=BATCH), table.schema)  # noqa: F841 - DuckDB finds it by name
    return other.query("accounts_measured", "select * from batches")
