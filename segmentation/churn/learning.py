"""From the lake to a trained model: labels, snapshots, proof against the future, training, the time-to-event view."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from segmentation.engine.churn import PastTheData, leaks, snapshots
from segmentation.engine.policy import Policy as EnginePolicy
from segmentation.engine.version import code_version
from segmentation.lake.services import open_tables
from segmentation.lake.session import lake, open_session
from segmentation.policies.services import engine_policy, in_force

PROVED = 20_000  # accounts whose oldest snapshot is built twice, from the facts of its day and from all
COX = ("recent_ratio", "late_count_12m", "complaints_12m", "contract_days_left", "capacity_use", "tenure_years")
FACTS = ("accounts", "bills")


class Cancelled(Exception):
    """Somebody cancelled the training."""


class NotYet(Exception):
    """`code` is what the page explains."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Learned:
    text: dict
    card: dict
    code_version: str


def learn(*, model, tell) -> Learned:
    """`tell(stage, percent)` raises `Cancelled`. Raises `NotYet`, `CannotLearn`."""
    from segmentation.engine.churn import training  # scikit-learn and LightGBM: seconds that no web process need wait for

    asked = model.parameters
    until = dt.date.fromisoformat(asked["until"])
    scratch = Path(settings.VAR_DIR) / "training"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with open_session(of=lake(), spill_to=scratch) as session:
        tables = open_tables(session=session, lake=lake())
        if any(name not in tables for name in FACTS):
            raise NotYet("no_lake")
        tell("labels", 2)
        facts = Facts(tables, session)
        until = min(until, facts.last_day)
        found = snapshots.happened(tables, facts.accounts, facts.changes, until)
        table = _snapshots(facts, found, asked, until, tell)
        tell("proof", 50)
        rewritten = _rewritten(facts, table)
    tell("train", 55)
    step = _Steps(tell)
    verified = frozenset(snapshots.COLUMNS) - {leak.column for leak in rewritten}
    trained = training.train(
        table, horizon_days=asked["horizon_days"], outcomes=tuple(asked["outcomes"]), version=model.pk, seed=asked["seed"],
        min_leavers=asked["min_leavers"], candidates=tuple(asked["candidates"]), leaks=rewritten, verified=verified, listen=step,
    )  # fmt: skip
    tell("survival", 96)
    trained.card["survival"] = _survival(facts.accounts, found, table, until)
    trained.card["facts"] = {"events": _counted(found), "until": until.isoformat()}
    return Learned(trained.bundle.to_dict(), _finite(trained.card), code_version())


def _finite(held):
    """What cannot be told is null, as JSON has it."""
    if isinstance(held, dict):
        return {key: _finite(value) for key, value in held.items()}
    if isinstance(held, list | tuple):
        return [_finite(value) for value in held]
    if isinstance(held, np.generic):
        held = held.item()
    return None if isinstance(held, float) and not np.isfinite(held) else held


class Facts:
    """The lake's tables, and the small ones whole."""

    def __init__(self, tables, session):
        self.tables, self.place = tables, session.from_arrow
        self.accounts = _arrow(tables["accounts"])
        self.changes = _arrow(tables["changes"]) if "changes" in tables else None
        bills = nw.from_native(tables["bills"]).lazy()
        self.last_day = bills.select(nw.col("issued_on").max()).collect("pyarrow")["issued_on"].to_list()[0]
        self.policy: EnginePolicy = engine_policy(policies=in_force())
        if self.last_day is None:
            raise NotYet("no_lake")
        self.last_day = max(self.last_day, *(day for day in (_latest(self.changes),) if day))

    def snapshot(self, day, tables=None, of=None):
        return snapshots.snapshot(
            tables or self.tables, day, accounts=self.accounts, changes=self.changes, policy=self.policy.warning, place=self.place, of=of
        )


def _latest(changes):
    return pc.max(changes["happened_on"]).as_py() if changes is not None and len(changes) else None


def _arrow(relation):
    return nw.from_native(relation).lazy().collect("pyarrow").to_native()


def _snapshots(facts, found, asked, until, tell):
    days = snapshots.month_ends(until, asked["months"], asked["horizon_days"])
    first = nw.from_native(facts.tables["bills"]).lazy().select(nw.col("period").min()).collect("pyarrow")["period"].to_list()[0]
    days = [day for day in days if day >= first + dt.timedelta(days=365)]
    if not days:
        raise PastTheData("No month end has a year of bills before it and a whole horizon after it.", days=0)
    parts = []
    for number, day in enumerate(days):
        tell("snapshots", 5 + 45 * number // len(days))
        parts.append(snapshots.labelled(facts.snapshot(day), found, day, asked["horizon_days"]))
    return pa.concat_tables(parts).combine_chunks()


def _rewritten(facts, table):
    """Columns of the oldest snapshot that read otherwise from the facts of its day alone."""
    day = pc.min(table["on"]).as_py()
    oldest = table.filter(pc.equal(table["on"], day))
    ids = oldest["account_id"].to_numpy()
    part = (int(ids[0]), int(ids[min(PROVED, len(ids)) - 1]))
    names = ["account_id", *snapshots.columns_to_learn(oldest).column_names]
    then = facts.snapshot(day, tables=snapshots.cut(facts.tables, day), of=part)
    return leaks.rewritten(then.select(names), oldest.select(names))


class _Steps:
    def __init__(self, tell):
        self.tell, self.at = tell, 55

    def __call__(self, what):
        if isinstance(what, str):
            self.at = min(self.at + 2, 95)
            self.stage = what
        self.tell(f"train:{self.stage}", self.at)


def _counted(found):
    counts = found["outcome"].combine_chunks().value_counts()
    return dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))


def _survival(accounts, found, table, until):
    """From the oldest snapshot on: days until the first loss, or until the data end."""
    from segmentation.engine.churn import surviving  # statsmodels, likewise

    start = pc.min(table["on"]).as_py()
    oldest = table.filter(pc.equal(table["on"], start)).combine_chunks()
    span = (until - start).days
    met, _before = snapshots.label(found, oldest["account_id"].to_numpy(), start, span)
    known = found.filter(pc.greater(found["known_on"], pa.scalar(start, pa.date32())))
    at = pc.index_in(oldest["account_id"].combine_chunks(), value_set=known["account_id"].combine_chunks()).to_numpy(zero_copy_only=False)
    days = np.full(len(oldest), float(span))
    when = (known["known_on"].to_numpy().astype("datetime64[D]") - np.datetime64(start)).astype(float)
    left = (met >= 0) & ~np.isnan(at)
    days[left] = when[at[left].astype(int)]
    groups = np.array(oldest["category"].to_pylist(), dtype=str)
    features = {
        name: oldest[name].cast(pa.float64()).to_numpy()
        for name in COX
        if name in oldest.column_names and oldest[name].null_count < len(oldest)
    }
    hazards = surviving.cox(days, left, features)
    return {
        "from": start.isoformat(), "days": span, "curves": surviving.kaplan_meier(days, left, groups),
        "log_rank": surviving.differs(days, left, groups), "cox": hazards.pop("rows"), "cox_fit": hazards,
    }  # fmt: skip
