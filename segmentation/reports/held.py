"""How an early warning held: who of the accounts it spoke of has gone since, by band, and how well its points put those first.

Gone is what the facts show without a doubt: closed, or use stopped or collapsed, since that day. The score may have come from rules or from a model.
"""

import datetime as dt

from segmentation.lake.session import lake
from segmentation.lake.store import quoted
from segmentation.runs.models import Run
from segmentation.runs.services.judging import scores_path

HORIZON = dt.timedelta(days=90)
GONE_ALREADY = "('collapsed', 'stopped', 'dormant', 'closed')"


def warned_before(run: Run) -> Run | None:
    """The latest published run whose warning is at least a quarter old."""
    return Run.objects.published().filter(as_of__lte=run.as_of - HORIZON).order_by("-as_of", "-id").first()


def held_by(session, run: Run) -> dict:
    """`{"held": {run, day, auc, gone, bands: {band: [accounts, gone, share]}}}` over the report's accounts that were in use then; None where no
    warning is old enough, or its scores are no longer kept."""
    then = warned_before(run)
    path = then and scores_path(lake=lake(), run=then)
    return {"held": _held(session, then=then, scores=path, as_of=run.as_of) if path and lake().has(session, path) else None}


def _held(session, *, then, scores, as_of):
    session.execute(
        f"""create or replace temp table warned_then as
        select t.risk_band as band, t.risk_score as points,
            coalesce(p.usage_state in ('stopped', 'collapsed'), false) or coalesce(p.closed_ago between 0 and {(as_of - then.as_of).days}, false) as gone
        from (select account_id, risk_band, risk_score, usage_state from read_parquet({quoted(scores)}, hive_partitioning = false)) t
        join people p using (account_id) where t.risk_score is not null and coalesce(t.usage_state, '') not in {GONE_ALREADY}"""
    )
    bands = session.execute("select band, count(*), count(*) filter (gone) from warned_then group by 1").fetchall()
    gone, stayed, ranks = session.execute(
        """select count(*) filter (gone), count(*) filter (not gone), sum(place) filter (gone)
        from (select gone, rank() over (order by points) + (count(*) over (partition by points) - 1) / 2.0 as place from warned_then)"""
    ).fetchone()
    auc = (float(ranks) - gone * (gone + 1) / 2) / (gone * stayed) if gone and stayed else None
    counted = {band: [accounts, left, left / accounts] for band, accounts, left in bands}
    return {"run": then.pk, "day": then.as_of.isoformat(), "auc": auc and round(auc, 4), "gone": gone, "bands": counted}
