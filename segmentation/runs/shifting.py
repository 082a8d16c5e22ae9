"""Two runs side by side as distributions: scores in classes, features by how far they have drifted."""

import numpy as np
from django.utils.translation import gettext as _

from segmentation.engine.features import describe
from segmentation.engine.shift import SHIFTED, STEADY, histogram, psi
from segmentation.lake.session import lake, open_session
from segmentation.lake.store import quoted
from segmentation.runs.comparing import ScoresGone
from segmentation.runs.models import Run
from segmentation.runs.services.judging import scores_path

SCORES = ("value_score", "credit_score", "risk_score")
SAMPLE = 100_000  # accounts looked at for drift; which ones is decided by their number, the same in both runs
WIDTH = 5
NUMBERS = ("DOUBLE", "BIGINT", "INTEGER", "BOOLEAN")


def score_words() -> dict[str, str]:
    return {"value_score": _("Value"), "credit_score": _("Credit"), "risk_score": _("Early warning")}


def scores(*, before: Run, after: Run, of: str, unit_code: str = "") -> dict:
    """How many accounts have which score, before and after, for the chart component. Raises `ScoresGone`."""
    where = lake()
    with open_session(of=where) as session:
        counted = [histogram(_scores_of(session, where, run, of, unit_code), WIDTH) for run in (before, after)]
    named = [_("Run %(id)s") % {"id": run.pk} for run in (before, after)]
    return {
        "kind": "bar", "title": score_words()[of], "unit": "count",
        "x": {"label": _("points"), "values": [f"{low}–{low + WIDTH}" for low in range(0, 100, WIDTH)]},
        "series": [{"name": name, "key": key, "values": values} for name, key, values in zip(named, ("muted", "accent"), counted, strict=True)],
    }  # fmt: skip


def _scores_of(session, where, run, of, unit_code):
    path = scores_path(lake=where, run=run)
    if of not in SCORES or not where.has(session, path):
        raise ScoresGone(run)
    query = f"select {of} from read_parquet({quoted(path)}, hive_partitioning = false) where starts_with(unit_code, $1)"
    return _filled(session.execute(query, [unit_code]).fetchnumpy()[of])


def _filled(column):
    return np.ma.filled(np.ma.asarray(column).astype(float), np.nan)


def drift(*, before: Run, after: Run, language: str, unit_code: str = "") -> list[dict] | None:
    """Every feature with its index, the most drifted first; None where the features of either run are no longer in the lake."""
    where = lake()
    with open_session(of=where) as session:
        paths = [where.of_run("features", run.restores_id or run.pk) for run in (before, after)]
        if not all(where.has(session, path) for path in paths):
            return None
        columns = [_columns(session, path) for path in paths]
        if not all("unit_code" in held for held in columns):
            return None
        meant = [
            it
            for it in describe("zh-hans" if language.startswith("zh") else "en")
            if all(held.get(it["name"]) in NUMBERS for held in columns)
        ]
        old, new = (_sampled(session, path, [it["name"] for it in meant], unit_code) for path in paths)
    rows = [_row(it, old[it["name"]], new[it["name"]]) for it in meant]
    return sorted((row for row in rows if row["psi"] is not None), key=lambda row: -row["psi"])


def _columns(session, path):
    described = session.execute(f"describe select * from read_parquet({quoted(path)}, hive_partitioning = false)").fetchall()
    return {row[0]: row[1] for row in described}


def _sampled(session, path, names, unit_code):
    source = f"read_parquet({quoted(path)}, hive_partitioning = false) where starts_with(unit_code, $1)"
    many = session.execute(f"select count(*) from {source}", [unit_code]).fetchone()[0]
    every = max(1, round(many / SAMPLE))
    wanted = ", ".join(f'"{name}"::double as "{name}"' for name in names)
    found = session.execute(f"select {wanted} from {source} and hash(account_id) % {every} = 0", [unit_code]).fetchnumpy()
    return {name: _filled(found[name]) for name in names}


def _row(feature, old, new):
    index = psi(old, new)
    state = "steady" if index is None or index < STEADY else "shifted" if index < SHIFTED else "strong"
    return {
        **feature, "psi": index, "state": state, "bar": min((index or 0) / (2 * SHIFTED), 1),
        "missing_before": float(np.isnan(old).mean()) if len(old) else None, "missing_after": float(np.isnan(new).mean()) if len(new) else None,
    }  # fmt: skip
