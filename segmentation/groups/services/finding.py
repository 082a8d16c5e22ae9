"""From a run's files in the lake to its groupings: what was found is told in `Grouping` rows and written to `groups/run=<id>`; nothing is in force yet."""

import datetime as dt
import logging
import time
from dataclasses import asdict

import numpy as np
import pyarrow as pa
from django.db import transaction

from segmentation.engine import groups as engine
from segmentation.engine.features import FEATURES
from segmentation.groups.models import BehaviourGroup, Grouping, GroupRule, GroupSetting, Kind
from segmentation.groups.services.shapes import Judged, answers, shapes_of
from segmentation.lake.store import Lake, quoted

log = logging.getLogger(__name__)
SCHEMA = pa.schema([("account_id", pa.int64()), *((kind.value, pa.int16()) for kind in Kind), ("ruled", pa.int16())])


def find(*, run_id: int, as_of: dt.date, session, lake: Lake, at: dt.datetime, judged: Judged | None = None) -> int:
    """Group the accounts of a run in every way there is; how many accounts have a group. One way that fails says why and leaves the others alone.

    `judged`: its accounts while the run is at work; those of its files in the lake otherwise.
    """
    judged = judged or Judged.in_lake(lake, run_id)
    places, told = {}, {}
    for kind in Kind.values:
        began = time.monotonic()
        row, place = _find_kind(kind, run_id, as_of, session, lake, judged)
        told[kind] = row | {"at": at, "seconds": round(time.monotonic() - began, 3)}
        if place is not None:
            places[kind] = place
    return _keep(run_id, session, lake, judged, places, told)


def _find_kind(kind, run_id, as_of, session, lake, judged):
    """(values of a `Grouping`, (account_id, number) or None)."""
    setting = GroupSetting.objects.filter(kind=kind).first() or GroupSetting(kind=kind)
    try:
        shapes = shapes_of(kind, session=session, lake=lake, judged=judged, as_of=as_of)
        if setting.with_answers and len(shapes):
            shapes = engine.with_answers(shapes, *answers(session=session, judged=judged))
        found = engine.group(
            shapes,
            engine.Settings(k=setting.k, floor=setting.floor),
            before=[_centroid(row) for row in BehaviourGroup.objects.filter(kind=kind)],
            labels_before=_labels_in_force(kind, session, lake),
        )
    except engine.CannotGroup as refusal:
        return {"state": Grouping.State.REFUSED, "told": {"code": refusal.code, "numbers": refusal.numbers}}, None
    except Exception as error:  # the judgement does not depend on it
        log.exception("grouping %s of run %s broke", kind, run_id)
        return {
            "state": Grouping.State.BROKE,
            "told": {"code": "broke", "numbers": {"detail": f"{type(error).__name__}: {error}"[:300]}},
        }, None
    return _told(found, setting), (found.account_id, found.number)


def _centroid(row):
    return engine.Centroid(row.number, tuple(row.columns), tuple(row.centre))


def _told(found, setting):
    return {
        "state": Grouping.State.DONE, "accounts": len(found.account_id), "left_out": found.left_out, "k": found.chosen.k,
        "silhouette": found.chosen.silhouette, "davies_bouldin": found.chosen.davies_bouldin, "fidelity": found.fidelity,
        "stability": found.stability, "columns": list(found.columns), "tried": [asdict(one) for one in found.tried],
        "found": [asdict(one) for one in found.groups],
        "told": {"k": setting.k, "floor": setting.floor, "with_answers": setting.with_answers, **found.notes},
    }  # fmt: skip


def _labels_in_force(kind, session, lake):
    """(account_id, number) of the grouping in force, None without one or where its file is gone."""
    held = Grouping.objects.filter(kind=kind, in_force=True, state=Grouping.State.DONE).first()
    path = held and lake.of_run("groups", held.run_id)
    if not path or not lake.has(session, path):
        return None
    query = f"select account_id, {kind} as number from read_parquet({quoted(path)}, hive_partitioning = false) where {kind} is not null"
    table = session.execute(f"{query} order by account_id").fetchnumpy()
    return np.asarray(table["account_id"]), np.asarray(table["number"])


def _keep(run_id, session, lake, judged, places, told) -> int:
    """Write who is where, expert rules over shapes, and tell it in PostgreSQL."""
    _shaped(session, places)
    query = f"select account_id, {', '.join(Kind.values)}, ruled from ({_placed(judged, places)}) where "
    query += " or ".join(f"{kind} is not null" for kind in Kind.values)
    many = lake.write(session, f"{query} order by account_id", lake.of_run("groups", run_id))
    path = quoted(lake.of_run("groups", run_id))
    for place, kind in enumerate(Kind.values):
        row = told[kind]
        if row["state"] == Grouping.State.DONE:
            sizes = dict(
                session.execute(f"select {kind}, count(*) from read_parquet({path}) where {kind} is not null group by 1").fetchall()
            )
            row["found"] = [one | {"size": sizes.get(one["number"], 0)} for one in row["found"]]
            row["by_rule"] = session.execute(f"select count(*) from read_parquet({path}) where ruled & {1 << place} > 0").fetchone()[0]
    with transaction.atomic():
        for kind, row in told.items():
            Grouping.objects.update_or_create(run_id=run_id, kind=kind, defaults=_BLANK | row)
    return many


_BLANK = {
    "accounts": 0, "left_out": 0, "by_rule": 0, "k": None, "silhouette": None, "davies_bouldin": None, "fidelity": None, "stability": None,
    "tried": [], "found": [], "columns": [],
}  # fmt: skip


def _shaped(session, places):
    """A table `shaped_<kind>` of the session for each grouping that was done."""
    for kind, (account_id, number) in places.items():
        session.register("shaped", pa.table({"account_id": account_id, "number": pa.array(number, pa.int16())}))
        session.execute(f"create or replace temp table shaped_{kind} as select * from shaped")
        session.unregister("shaped")


def _placed(judged, places) -> str:
    """SQL of every account of the run with its group by each grouping: the oldest expert rule that holds, else its shape."""
    rules = {kind: [rule for rule in _rules(kind) if kind in places] for kind in Kind.values}
    columns, joins, ruled = [], "", []
    for place, kind in enumerate(Kind.values):
        cases = " ".join(f"when {_holds(rule)} then {rule.group.number}" for rule in rules[kind])
        by_rule = f"(case {cases} end)" if cases else "null"
        shape = f"shaped_{kind}.number" if kind in places else "null"
        columns.append(f"coalesce({by_rule}, {shape})::smallint as {kind}")
        ruled.append(f"case when {by_rule} is not null then {1 << place} else 0 end")
        joins += f" left join shaped_{kind} on shaped_{kind}.account_id = s.account_id" if kind in places else ""
    if any(rules.values()):
        joins += f" left join {judged.features} f on f.account_id = s.account_id"
    return f"select s.account_id, {', '.join(columns)}, ({' + '.join(ruled)})::smallint as ruled from {judged.scores} s{joins}"


def _rules(kind):
    known = {feature.name for feature in FEATURES}
    rows = GroupRule.objects.filter(group__kind=kind, group__retired=False).select_related("group")
    return [rule for rule in rows if rule.feature in known]


def _holds(rule) -> str:
    sign = {"ge": ">=", "le": "<="}[rule.comparison]
    category = f" and s.category = {quoted(rule.category)}" if rule.category else ""
    return f"f.{rule.feature}::double {sign} {float(rule.threshold)!r}{category}"
