"""Features of a run, read from the lake: how they are spread, what is missing, how far they moved since an earlier run, and who stands where among peers.

`scope` is the code of the unit whose subtree the reader sees, empty for everybody."""

from collections.abc import Mapping
from contextlib import contextmanager

import numpy as np
from django.core.cache import cache

from segmentation.engine.features import FEATURES
from segmentation.lake.session import lake, open_session
from segmentation.lake.store import quoted
from segmentation.runs.models import Run
from segmentation.studio.features.drift import psi

NAMES = tuple(feature.name for feature in FEATURES)
SAMPLE = 20_000  # accounts drift and missing shares of the whole list are taken over
BINS = 24
LEAST_PEERS = 20  # as in the judgement of value
KEPT_SECONDS = 600
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class FilesGone(Exception):
    """The run's features are no longer in the lake."""


def _files(session, where, run) -> tuple[str, str, set[str]]:
    """(features, scores, the features that were measured then). Raises `FilesGone`."""
    number = run.restores_id or run.pk
    paths = [where.of_run(kind, number) for kind in ("features", "scores")]
    if not all(where.has(session, path) for path in paths):
        raise FilesGone(number)
    features, scores = (f"read_parquet({quoted(path)}, hive_partitioning = false)" for path in paths)
    columns = {row[0] for row in session.execute(f"describe select * from {features}").fetchall()}
    return features, scores, columns & set(NAMES)


@contextmanager
def _open():
    where = lake()
    with open_session(of=where) as session:
        yield session, where


def earlier_than(run: Run) -> Run | None:
    """The newest published run of an earlier date whose features are still there."""
    with _open() as (session, where):
        for other in Run.objects.published().filter(as_of__lt=run.as_of)[:20]:
            if where.has(session, where.of_run("features", other.restores_id or other.pk)):
                return other
    return None


def overview(run: Run, before: Run | None, scope: str) -> dict[str, dict]:
    """{feature: {"missing", "psi"}} over a sample, the same accounts of every run; psi is None without an earlier run that measured it."""
    key = f"features:{run.pk}:{before.pk if before else 0}:{scope}"
    found = cache.get(key)
    if found is None:
        with _open() as (session, where):
            now = _sample(session, where, run, scope)
            then = _sample(session, where, before, scope) if before else {}
        found = {
            name: {"missing": float(np.isnan(values).mean()) if len(values) else None, "psi": psi(then.get(name), values)}
            for name, values in now.items()
        }
        cache.set(key, found, KEPT_SECONDS)
    return found


def _sample(session, where, run, scope) -> Mapping[str, np.ndarray]:
    features, scores, measured = _files(session, where, run)
    many = session.execute(f"select count(*) from {scores}").fetchone()[0]
    every = max(1, many // SAMPLE)
    columns = ", ".join(f"f.{name}::double as {name}" for name in NAMES if name in measured)
    table = session.execute(
        f"select {columns} from {features} f join {scores} s using (account_id)"
        f" where hash(account_id) % {every} = 0 and starts_with(s.unit_code, $1)", [scope]
    ).fetchnumpy()  # fmt: skip
    return {name: np.ma.filled(np.ma.asarray(values, dtype=float), np.nan) for name, values in table.items()}


def spread(run: Run, name: str, scope: str) -> list[dict]:
    """By category, most accounts first: accounts, missing share, `QUANTILES`. Raises `FilesGone`."""
    key = f"feature:{run.pk}:{name}:{scope}"
    found = cache.get(key)
    if found is None:
        found = _spread(run, name, scope)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _spread(run, name, scope):
    with _open() as (session, where):
        features, scores, measured = _files(session, where, run)
        if name not in measured:
            return []
        rows = session.execute(
            f"""select coalesce(s.category, ''), count(*), count(f.{name}), quantile_cont(f.{name}::double, {list(QUANTILES)})
            from {features} f join {scores} s using (account_id) where starts_with(s.unit_code, $1) group by 1 order by 2 desc, 1""",
            [scope],
        ).fetchall()
    return [
        {"category": category, "accounts": many, "missing": 1 - known / many, "quantiles": quantiles or [None] * len(QUANTILES)}
        for category, many, known, quantiles in rows
    ]


def histogram(run: Run, name: str, scope: str) -> tuple[list[float], dict[str, list[float]]]:
    """(lower edges of the bins, {category: share of its known accounts in each}); the ends hold what lies beyond the 1st and 99th percentile."""
    with _open() as (session, where):
        features, scores, measured = _files(session, where, run)
        if name not in measured:
            return [], {}
        source = f"from {features} f join {scores} s using (account_id) where starts_with(s.unit_code, $1) and f.{name} is not null"
        low, high = session.execute(
            f"select quantile_cont(f.{name}::double, 0.01), quantile_cont(f.{name}::double, 0.99) {source}", [scope]
        ).fetchone()
        if low is None:
            return [], {}
        width = (high - low) / BINS or 1.0
        rows = session.execute(
            f"""select coalesce(s.category, ''), least(greatest(floor((f.{name}::double - {low!r}) / {width!r}), 0), {BINS - 1})::integer, count(*)
            {source} group by 1, 2""",
            [scope],
        ).fetchall()
    counted: dict[str, list[float]] = {}
    for category, place, many in rows:
        counted.setdefault(category, [0.0] * BINS)[place] += many
    last = BINS if high > low else 1
    shares = {category: [many / sum(counts) for many in counts[:last]] for category, counts in counted.items()}
    return [low + width * place for place in range(last)], shares


def percentiles(run: Run, account_id: int) -> dict:
    """{"peers": how many, "everybody": whether the category has too few, "places": {feature: 0 to 100, None where unknown}}: mid-ranks, so a value
    that all peers share stands at 50."""
    key = f"percentiles:{run.pk}:{account_id}"
    found = cache.get(key)
    if found is None:
        found = _percentiles(run, account_id)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _percentiles(run, account_id):
    nothing = {"peers": 0, "everybody": False, "places": {}}
    with _open() as (session, where):
        try:
            features, scores, measured = _files(session, where, run)
        except FilesGone:
            return nothing
        names = [name for name in NAMES if name in measured]
        columns = ", ".join(f"{name}::double" for name in names)
        own = session.execute(f"select {columns} from {features} where account_id = {int(account_id)}").fetchone()
        if own is None:
            return nothing
        category = session.execute(f"select category from {scores} where account_id = {int(account_id)}").fetchone()[0]
        peers = session.execute(f"select count(*) from {scores} where category = $1", [category]).fetchone()[0]
        everybody = peers < LEAST_PEERS
        known = [(name, value) for name, value in zip(names, own, strict=True) if value is not None]
        counts = ", ".join(
            f"count({name}), count(case when {name}::double < {value!r} then 1 end) + count(case when {name}::double = {value!r} then 1 end) / 2"
            for name, value in known
        )
        narrowed = "" if everybody else f" where account_id in (select account_id from {scores} where category = $1)"
        row = session.execute(f"select count(*), {counts} from {features}{narrowed}", [] if everybody else [category]).fetchone()
    pairs = list(zip(row[1::2], row[2::2], strict=True))
    places = {name: 100 * below / many if many else None for (name, _value), (many, below) in zip(known, pairs, strict=True)}
    return {"peers": row[0], "everybody": everybody, "places": places}
