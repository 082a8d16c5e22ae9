"""Judge the features of a run again by other numbers, and count what would be different: columns throughout."""

import time
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.engine.features import FEATURES
from segmentation.engine.judge import KEPT, rejudge
from segmentation.engine.policy import TIERS
from segmentation.engine.policy import Policy as EnginePolicy
from segmentation.lake.session import attach_facts, lake, open_session
from segmentation.lake.store import quoted
from segmentation.runs.models import Run
from segmentation.runs.services.judging import policy_of, remember_previous, scores_path

MOST_MISSING = 0.5  # of the accounts; an indicator unknown for more says nothing about the rest
FEW = 5
LARGEST, LARGEST_OF_UNIT, MOST_MOVES = 100, 20, 3000
STEPS = ("read", "judge", "count")
ORDER = [*TIERS[::-1], "unscored"]


class CannotSimulate(Exception):
    """The simulation is refused; `problem` is what the page explains."""

    def __init__(self, code, **more):
        super().__init__(code)
        self.problem = {"code": code, **more}


def unknown_shares(table: pa.Table, indicators) -> dict[str, tuple[float, float]]:
    """By feature: the share of the accounts still there for which it is unknown, and the same in the kind of account that knows it best.

    Homes have no contract capacity and never will: what counts is whether any kind of account knows an indicator. A kind of fewer than
    `FEW` accounts is no witness.
    """
    there = table.filter(pc.invert(table["is_closed"]))
    grouped = there.group_by("category").aggregate([*((name, "count") for name in indicators), ([], "count_all")]).to_pylist()
    witnesses = [row for row in grouped if row["count_all"] >= FEW] or grouped
    many = max(there.num_rows, 1)
    return {
        name: (there[name].null_count / many, min((1 - row[f"{name}_count"] / row["count_all"] for row in witnesses), default=1.0))
        for name in indicators
    }


def simulate(*, policy, run: Run, step) -> tuple[dict, list]:
    """(result, moves) of a stored policy on what a run measured. `step` hears what is done next. Raises `CannotSimulate`, the engine's errors."""
    began, where = time.monotonic(), lake()
    told = replaced(policy_of(run=run), policy)
    with open_session(of=where) as session:
        session.execute("set memory_limit = '1500MB'; set threads = 2; set preserve_insertion_order = true")
        attach_facts(session)
        step("read")
        features = _features(session, where, run)
        unknown = _check_known(features, policy)
        previous = remember_previous(run=run.restores or run, session=session, lake=where)
        step("judge")
        again = rejudge(features, as_of=run.as_of, policy=told, previous=previous, why_credit=policy.kind == "credit")
        step("count")
        result, moves = _counted(session, again, scores_path(lake=where, run=run))
    result |= {"seconds": round(time.monotonic() - began, 2), "accounts": again.num_rows, "unknown": unknown}
    return result, moves


def replaced(told: EnginePolicy, policy) -> EnginePolicy:
    """What a run judged by, with one policy in place of its like."""
    read = EnginePolicy.from_dict({policy.kind: policy.body})
    new = getattr(read, policy.kind)
    if not policy.account_kind:
        return replace(told, **{policy.kind: new})
    special = f"{policy.kind}_for"
    return replace(told, **{special: getattr(told, special) | {policy.account_kind: new}})


def _features(session, where, run):
    path = where.of_run("features", run.restores_id or run.pk)
    if not where.has(session, path):
        raise CannotSimulate("no_features", run=run.pk)
    relation = session.sql(f"select * from read_parquet({quoted(path)}, hive_partitioning = false)")
    if set(KEPT) - set(relation.columns):
        raise CannotSimulate("old_features", run=run.pk)
    return relation.to_arrow_table()


def _check_known(features, policy):
    """Indicators unknown for most accounts, but not for every kind of account. Raises `CannotSimulate` for what cannot be weighed."""
    if policy.kind != "value":
        return {}
    names = [it["feature"] for it in policy.body["indicators"]]
    strange = [name for name in names if name not in features.column_names]
    if strange:
        raise CannotSimulate("no_such_feature", features=strange)
    looked = features
    if policy.account_kind:
        looked = features.filter(pc.equal(features["category"], policy.account_kind))
    if not looked.num_rows:
        raise CannotSimulate("no_accounts")
    shares = unknown_shares(looked, names)
    most = {name: round(everywhere, 3) for name, (everywhere, best) in shares.items() if best > MOST_MISSING}
    if most:
        raise CannotSimulate("missing", features=most)
    same = [name for name in names if pc.count_distinct(looked[name]).as_py() <= 1]
    for group in ("current", "potential") if policy.body["method"] in ("entropy", "combined") else ():
        members = [it["feature"] for it in policy.body["indicators"] if it["group"] == group]
        if members and set(members) <= set(same):
            raise CannotSimulate("nothing_differs", features=members)
    return {name: round(everywhere, 3) for name, (everywhere, _best) in shares.items() if everywhere > MOST_MISSING}


def _counted(session, again, scores):
    session.register("again", again)
    session.execute(
        f"""create temp table moved as select s.account_id, s.unit_code, coalesce(s.revenue_12m_fen, 0) as fen, m.manager_id,
            s.tier as tier_a, n.tier as tier_b, s.value_score as score_a, n.value_score as score_b, s.credit_grade as grade_a,
            n.credit_grade as grade_b, s.quadrant as quadrant_a, n.quadrant as quadrant_b,
            list_position({ORDER}, s.tier) - list_position({ORDER}, n.tier) as steps
        from read_parquet({quoted(scores)}, hive_partitioning = false) s join again n using (account_id)
            left join (select id as account_id, manager_id from facts.crm_account) m using (account_id)"""
    )

    def grouped(columns):
        return [
            list(row)
            for row in session.execute(f"select {columns}, count(*), sum(fen)::bigint from moved group by all order by all").fetchall()
        ]

    result = {
        "cube": grouped("unit_code, manager_id, tier_a, tier_b"),
        "grades": grouped("unit_code, grade_a, grade_b"),
        "quadrants": grouped("unit_code, quadrant_a, quadrant_b"),
    }
    return result, _moves(session, scores)


def _moves(session, scores):
    """The largest moves first: by steps of the ladder, then points, then money; of all accounts and of each unit."""
    largest = "abs(steps) desc, abs(coalesce(score_b, 0) - coalesce(score_a, 0)) desc, fen desc, account_id"
    rows = session.execute(
        f"""with ranked as (
            select *, row_number() over (order by {largest}) as place, row_number() over (partition by unit_code order by {largest}) as within
            from moved where tier_a <> tier_b or grade_a <> grade_b),
        chosen as (select * from ranked where place <= {LARGEST} or within <= {LARGEST_OF_UNIT} order by place limit {MOST_MOVES})
        select c.account_id, c.unit_code, c.manager_id, c.fen, c.tier_a, c.tier_b, c.score_a, c.score_b, c.grade_a, c.grade_b,
            s.reasons as why_a, n.reasons as why_b
        from chosen c join again n using (account_id)
            join (select account_id, reasons from read_parquet({quoted(scores)}, hive_partitioning = false)
                  where account_id in (select account_id from chosen)) s using (account_id)
        order by c.place"""
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


assert {feature.name for feature in FEATURES} <= set(KEPT)
