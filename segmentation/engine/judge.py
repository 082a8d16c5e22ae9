"""All judgements in order: features, credit, value, warning, and the standing that is published, reasons included.

Stages are yielded as they finish, so a runner can tell progress and write each to the lake. Features are one lazy query where the
tables live; from there on it is one row per account, in columns.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import credit, reasons, tiers, value, warning
from .churn import judging as churn
from .features import CARRIED, FEATURES, compute
from .features.use import MONTHS
from .policy import TIERS, UNSCORED, Policy
from .tables import native

STAGES = ("features", "credit", "value", "warning", "churn", "standing")
SPARK = 12
BATCH = 61_440
HIGH_KV, BRANCH_DIGITS = 10.0, 7
KEPT = ("month", "is_closed", *CARRIED, *(feature.name for feature in FEATURES))  # of the features, for pages and for judging again
PREVIOUS = {"tier": pa.string(), "value_score": pa.float64(), "tier_pressure_runs": pa.int64(), "credit_grade": pa.string()}
SHOWN = (
    "month", "kwh_12m", "kwh_prev_12m", "growth", "revenue_12m_fen", "arrears_fen", "arrears_days", "late_count_12m", "complaints_12m",
    "open_tickets", "contract_days_left", "capacity_use", "power_factor",
)  # fmt: skip
OUTPUT = pa.schema(
    [("account_id", pa.int64()), ("category", pa.string()), ("unit_code", pa.string()), ("peer_set", pa.string()), ("month", pa.date32())]
    + [(name, pa.float64()) for name in ("kwh_12m", "kwh_prev_12m", "growth")]
    + [(name, pa.int64()) for name in SHOWN[4:11]]
    + [("capacity_use", pa.float64()), ("power_factor", pa.float64()), ("sparkline", pa.list_(pa.float64()))]
    + [(name, pa.float64()) for name in ("value_score", "current_score", "potential_score")]
    + [("tier", pa.string()), ("previous_tier", pa.string()), ("tier_pressure_runs", pa.int64()), ("quadrant", pa.string())]
    + [("credit_score", pa.float64()), ("credit_grade", pa.string()), ("risk_score", pa.float64())]
    + [(name, pa.string()) for name in ("risk_band", "risk_outcome", "usage_state", "headline_code", "reasons")]
    + [("risk_model", pa.int64())]
)


def judge(tables: Mapping, *, as_of: dt.date, policy: Policy | None = None, previous=None) -> pa.Table:
    """One row per account that existed on as_of, columns as `OUTPUT`, sorted by account_id. See the package's docstring."""
    *_, (_, standing) = stages(tables, as_of=as_of, policy=policy, previous=previous)
    return standing


def stages(
    tables: Mapping, *, as_of: dt.date, policy: Policy | None = None, previous=None, risk=None, heard=None
) -> Iterator[tuple[str, pa.Table]]:
    """(name, table) of each of `STAGES` as it is done, every table sorted by account_id and of one length; the last is the standing.

    `risk`: a `churn.bundle.Bundle` in force; without one the stage "churn" is left out and the rules' warning stands. `heard(features, warned,
    scored)` is called once it has scored.
    """
    policy = policy or Policy()
    features = _sorted(compute(tables, as_of).collect("pyarrow").to_native())
    yield "features", features
    connection = duckdb.connect()
    before = _before(features["account_id"].to_numpy(), previous)
    rated = _rated(connection, features, before, policy, as_of)
    yield "credit", rated
    valued, *told = _value(features, rated, before, policy)
    yield "value", valued
    warned = _run(connection, features, lambda it: warning.warn(it, policy.warning), lambda name: name not in features.column_names)
    yield "warning", warned
    model = None
    if risk is not None:
        warned, model, scored = churn.warn(risk, features, warned)
        if heard:
            heard(features, warned, scored)
        yield "churn", warned
    yield "standing", _standing((features, rated, valued, warned), told, policy, as_of, model)


def rejudge(features: pa.Table, *, as_of: dt.date, policy: Policy, previous=None, why_credit=False) -> pa.Table:
    """Credit and value by another policy, from the features a run kept (`KEPT`): what that run would have said. Sorted by account_id.

    account_id, peer_set, the scores, tier, tier_pressure_runs, quadrant, credit_score, credit_grade, and `reasons` (lifts, pulls, next, gate, floor; credit where `why_credit`).
    """
    features = _sorted(features)
    before = _before(features["account_id"].to_numpy(), previous)
    rated = _rated(duckdb.connect(), features, before, policy, as_of)
    valued, texts, settled = _value(features, rated, before, policy)
    valued = valued.append_column("credit_score", rated["credit_score"]).append_column("credit_grade", rated["credit_grade"])
    more = []
    if why_credit:
        columns = {name: part[name] for part in (features, rated) for name in part.column_names}
        more.append(reasons.of_credit(columns, policy, as_of))
    return valued.append_column("reasons", reasons.of_value(valued, texts, settled, features["important_grade"], *more))


def _rated(connection, features, before, policy, as_of):
    graded = features.append_column("previous_grade", before["credit_grade"])
    kinds = _kinds(features, policy.credit, policy.credit_for)

    def rate(table, by):
        return _run(connection, table, lambda it: credit.rate(it, by, as_of), lambda name: name.startswith("credit_"))

    if len(kinds) == 1:
        return rate(graded, kinds[0][1])
    return _sorted(pa.concat_tables([rate(graded.take(rows), by) for rows, by in kinds]))


def _kinds(features, general, special):
    """(rows, policy) of each kind of account with a policy of its own, and of all others; positions ascending."""
    if not special:
        return [(pa.array(np.arange(features.num_rows)), general)]
    category = features["category"].combine_chunks()
    own = [(pc.fill_null(pc.equal(category, name), False), by) for name, by in special.items()]
    rest = pc.fill_null(pc.invert(pc.is_in(category, value_set=pa.array(list(special)))), True)
    found = [(pc.indices_nonzero(mask), by) for mask, by in [*own, (rest, general)]]
    return [(rows, by) for rows, by in found if len(rows)]


def _sorted(table):
    ids = table["account_id"].to_numpy()
    return table.combine_chunks() if (ids[1:] > ids[:-1]).all() else table.sort_by("account_id").combine_chunks()


def _run(connection, table, steps, kept):
    """Row-wise rules over an arrow table, by DuckDB: account_id and the columns whose name is `kept`; no other is carried along."""
    batches = pa.Table.from_batches(table.to_batches(max_chunksize=BATCH), table.schema)  # DuckDB gives each core a batch
    frame = steps(nw.from_native(connection.from_arrow(batches)))
    frame = frame.select("account_id", *[name for name in frame.collect_schema() if name != "account_id" and kept(name)])
    return _sorted(frame.collect("pyarrow").to_native())


def _before(account_id, previous) -> dict[str, pa.Array]:
    """Columns of the standing before in the order of the accounts; null where there was none."""
    if previous is None:
        return {name: pa.nulls(len(account_id), kind) for name, kind in PREVIOUS.items()}
    frame = nw.from_native(native(previous)).lazy()
    have = frame.collect_schema()
    table = frame.select("account_id", *[name for name in PREVIOUS if name in have]).collect("pyarrow").to_native()
    found = pc.index_in(pa.array(account_id), value_set=table["account_id"].cast(pa.int64()).combine_chunks())
    return {
        name: table[name].cast(kind).combine_chunks().take(found) if name in table.column_names else pa.nulls(len(account_id), kind)
        for name, kind in PREVIOUS.items()
    }


def _floats(column) -> np.ndarray:
    return column.cast(pa.float64()).to_numpy(zero_copy_only=False)


def steady(matrix) -> np.ndarray:
    """The values to nine digits: a sum over threads differs in its last bits from run to run, which must not order accounts that are alike."""
    mantissa, exponent = np.frexp(matrix)
    return np.ldexp(np.round(mantissa * 2.0**30) / 2.0**30, exponent)


def assess(features: pa.Table, policy: Policy) -> tuple[value.Valued, np.ndarray, np.ndarray]:
    """Value of every account, its level by score alone, and the borders. Needs account_id, category, is_closed and the indicators."""
    matrix = steady(np.column_stack([_floats(features[it.feature].combine_chunks()) for it in policy.value.indicators]))
    peers = _compared_by(features, policy.value).combine_chunks().dictionary_encode()
    codes = peers.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    judged = value.assess(matrix, peers.dictionary.to_pylist(), codes, _bools(features["is_closed"]), policy.value)
    account_id = features["account_id"].to_numpy()
    size = np.nan_to_num(_floats(features["kwh_12m"].combine_chunks()), nan=-1.0)
    return judged, *tiers.place(judged.score, size, account_id, judged.peers, judged.judged, policy.value)


def _compared_by(features, policy):
    """What names the peer set of each account: null is compared with everybody."""
    match policy.peers_by:
        case "category":
            return features["category"]
        case "voltage":
            high = pc.greater_equal(features["voltage_kv"], HIGH_KV)
            return pc.if_else(high, "high_voltage", "low_voltage")
        case "branch":
            return pc.utf8_slice_codeunits(features["unit_code"], 0, BRANCH_DIGITS)
    return pa.chunked_array([pa.nulls(features.num_rows, pa.string())])


def _bools(column):
    return column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False)


def _value(features, rated, before, policy):
    kinds = _kinds(features, policy.value, policy.value_for)
    if len(kinds) == 1:
        return _value_by(features, rated, before, replace(policy, value=kinds[0][1]))
    done = [
        _value_by(features.take(rows), rated.take(rows), {name: it.take(rows) for name, it in before.items()}, replace(policy, value=by))
        for rows, by in kinds
    ]
    back = pa.array(np.argsort(np.concatenate([rows.to_numpy() for rows, _ in kinds]), kind="stable"))
    texts = {name: pa.concat_arrays([part[1][name] for part in done]).take(back) for name in done[0][1]}
    settled = [np.concatenate([getattr(part[2], it.name) for part in done])[back.to_numpy()] for it in fields(tiers.Tiered)]
    used = {}
    for (_rows, by), part in zip(kinds, done, strict=True):
        kind = next((name for name, own in policy.value_for.items() if own is by), "")
        used[kind] = used_of(part[0])[""]
    whole = pa.concat_tables([part[0].replace_schema_metadata() for part in done]).combine_chunks().take(back)
    return _with_used(whole, used), texts, tiers.Tiered(*settled)


def used_of(valued: pa.Table) -> dict:
    """By kind of account ("" for all that have no policy of their own): the weights in force and the borders of the tiers in every peer set,
    which are a whole run's and explain one account's score afterwards. From the stage "value"."""
    return json.loads((valued.schema.metadata or {}).get(b"used", b"{}"))


def _with_used(table, used):
    return table.replace_schema_metadata({"used": json.dumps(used)})


def _used(judged, borders):
    first = {name: borders[rows[judged.judged[rows]][:1]] for name, rows in judged.peers.each()}
    lowest = {name: [None if np.isnan(it) else float(it) for it in row[0]] for name, row in first.items() if len(row)}
    return {"": {"weights": [round(float(it), 9) for it in judged.weights], "borders": lowest}}


def _value_by(features, rated, before, policy):
    judged, raw, borders = assess(features, policy)
    previous = pc.index_in(before["tier"], value_set=pa.array(TIERS)).fill_null(-1).to_numpy(zero_copy_only=False)
    pressure = before["tier_pressure_runs"].fill_null(0).to_numpy(zero_copy_only=False)
    grade, important = rated["credit_grade"].to_numpy(), features["important_grade"].to_numpy()
    settled = tiers.settle(raw, borders, judged.score, previous, pressure, grade, important, policy.value)
    target, missing = tiers.gap(settled, judged.score)
    missing = np.where(settled.gated, np.nan, missing)
    texts = reasons.value_texts(judged, settled, missing, np.where(settled.gated, -1, target), policy)
    names = pa.array(judged.peers.names)
    table = {
        "account_id": features["account_id"],
        "peer_set": names.take(pa.array(judged.peers.codes)),
        "value_score": _scores(judged.score),
        "current_score": _scores(judged.current),
        "potential_score": _scores(judged.potential),
        "tier": pa.array([*TIERS, UNSCORED]).take(pa.array(settled.level % (len(TIERS) + 1))),
        "previous_tier": before["tier"],
        "tier_pressure_runs": pa.array(settled.pressure.astype(np.int64)),
        "quadrant": pa.array(tiers.quadrant(judged.current, judged.potential, policy.value), pa.string()),
    }
    return _with_used(pa.table(table), _used(judged, borders)), texts, settled


def _scores(values):
    return pa.array(values, mask=np.isnan(values))


def _standing(parts, told, policy, as_of, model=None):
    columns = {name: part[name] for part in parts for name in part.column_names}
    texts, settled = told
    columns |= reasons.write(columns, settled, texts, policy, as_of, model)
    columns.setdefault("risk_model", pa.nulls(len(settled.level), pa.int64()))
    columns["sparkline"] = sparkline(parts[0])
    return pa.table([columns[name].cast(kind) for name, kind in zip(OUTPUT.names, OUTPUT.types, strict=True)], schema=OUTPUT)


def sparkline(features: pa.Table) -> pa.Array:
    """12 monthly kWh as one list per account, oldest first."""
    monthly = np.column_stack([_floats(features[f"kwh_m{ago}"].combine_chunks()) for ago in range(SPARK - 1, -1, -1)])
    flat = np.round(monthly, 1).ravel()
    offsets = np.arange(0, len(flat) + 1, SPARK, dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat, mask=np.isnan(flat)))


assert SPARK <= MONTHS
