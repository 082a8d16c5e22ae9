"""Why one account stands where it stands, in full: every indicator's part, and the nearest change of tier, quadrant and grade."""

import numpy as np

from segmentation.engine import nearest, nearest_credit, nearest_words
from segmentation.engine.explain import UNITS, label, number
from segmentation.engine.judge import KEPT, steady
from segmentation.engine.policy import PolicyError
from segmentation.engine.weights import Inconsistent
from segmentation.lake.session import lake, open_session
from segmentation.lake.store import quoted
from segmentation.policies.models import Policy
from segmentation.policies.services import engine_policy
from segmentation.runs.models import Run
from segmentation.runs.services.judging import scores_path

ALL = "all"


def why(*, account_id: int, run: Run, language: str) -> dict | None:
    """{indicators, tier, quadrant, grade, close} by the run in force; None where the run kept too little to say (an older version, files gone)
    or did not judge the account."""
    judged = run.restores or run
    where = lake()
    features, scores = where.of_run("features", judged.pk), scores_path(lake=where, run=run)
    with open_session(of=where) as session:
        if not (where.has(session, features) and where.has(session, scores)) or "used" not in judged.counts:
            return None
        own = session.execute(
            f"select * from read_parquet({quoted(features)}, hive_partitioning = false) where account_id = ?", [account_id]
        ).to_arrow_table()
        said = session.execute(
            f"select tier, peer_set, value_score, category from read_parquet({quoted(scores)}, hive_partitioning = false) where account_id = ?",
            [account_id],
        ).fetchone()
        if not said or set(KEPT) - set(own.column_names):
            return None
        try:
            told = _judged_by(judged)
        except (PolicyError, Inconsistent):
            return None
        tier, peer_set, score, category = said
        found = _of_credit(own, session, judged, told.credit_for.get(category, told.credit), language)
        if score is None:
            return found
        policy = told.value_for.get(category, told.value)
        peers = _peers(session, features, scores, policy, peer_set, account_id, category in told.value_for, told.value_for)
    used = judged.counts["used"].get(category) or judged.counts["used"][""]
    values = np.array([_float(own[it.feature][0].as_py()) for it in policy.indicators])
    close = nearest.close(steady(values), steady(peers), used["weights"], policy)
    of_tier, of_quadrant = nearest.of_tier(close, tier, used["borders"][peer_set]), nearest.of_quadrant(close)
    return found | {
        "close": close, "indicators": _table(close, language), "of_tier": of_tier, "of_quadrant": of_quadrant,
        "tier": nearest_words.tier_words(of_tier, policy, language), "quadrant": nearest_words.quadrant_words(of_quadrant, language),
        "total": close.score, "sides": {group: close.side(group) for group in ("current", "potential")},
    }  # fmt: skip


def _judged_by(run):
    general = {"value": run.value_policy, "credit": run.credit_policy}
    return engine_policy(policies=general, special=Policy.objects.filter(pk__in=run.counts.get("special_policies", [])))


def _peers(session, features, scores, policy, peer_set, account_id, is_special, special):
    """The indicators of the judged accounts it is compared with, itself left out."""
    columns = ", ".join(f'f."{it.feature}"::double' for it in policy.indicators)
    own_set = "true" if peer_set == ALL else "s.peer_set = $2"
    if is_special:
        own_set += " and s.category = (select category from s where account_id = $1)"
    elif special:
        own_set += f" and coalesce(s.category, '') not in ({', '.join(quoted(name) for name in special)})"
    rows = session.execute(
        f"""with s as (select account_id, peer_set, category, value_score from read_parquet({quoted(scores)}, hive_partitioning = false)),
            f as (from read_parquet({quoted(features)}, hive_partitioning = false))
        select {columns} from f join s using (account_id) where s.value_score is not null and account_id <> $1 and {own_set}
            and ($2 is not null)""",
        [account_id, peer_set],
    ).fetchnumpy()
    return np.column_stack([np.ma.filled(column.astype(float), np.nan) for column in rows.values()])


def _float(value):
    return float("nan") if value is None else float(value)


def _table(close, language):
    """Every indicator with its value, place, weight and points, the heaviest part first; what is unknown last."""
    index = 1 if language.startswith("zh") else 0
    rows = []
    for column, it in enumerate(close.policy.indicators):
        known = not np.isnan(close.scaled[column])
        rows.append({
            "label": label(it.feature, language), "side": it.group, "better": it.better,
            "value": number(close.values[column], UNITS.get(it.feature, "number"), index) if known else None,
            "place": close.places[column] / 100 if known else None, "weight": close.share[column] if known else None,
            "points": round(float(close.effect[column]), 1) if known else None, "bar": abs(float(close.effect[column])) / 50 if known else 0,
        })  # fmt: skip
    return sorted(rows, key=lambda row: -abs(row["points"]) if row["points"] is not None else 1)


def _of_credit(own, session, run, policy, language):
    before = run.counts.get("previous_run")
    grade = None
    if before:
        path = lake().of_run("scores", before)
        if lake().has(session, path):
            row = session.execute(
                f"select credit_grade from read_parquet({quoted(path)}, hive_partitioning = false) where account_id = ?",
                [own["account_id"][0].as_py()],
            ).fetchone()
            grade = row and row[0]
    found = nearest_credit.of_grade(own, grade, run.as_of, policy)
    return {"grade": nearest_words.grade_words(found, language), "of_grade": found}
