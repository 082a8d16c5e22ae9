"""Two runs side by side: who went from which tier to which, counted in the lake."""

from django.utils.translation import gettext as _

from segmentation.lake.session import lake, open_session
from segmentation.lake.store import quoted
from segmentation.runs.models import Run, Tier
from segmentation.runs.services.judging import scores_path

ORDER = ["diamond", "platinum", "gold", "silver", "standard", "unscored", "absent"]


class ScoresGone(Exception):
    """The scores of a run are not in the lake any more; its argument is the run."""


def tier_words() -> dict[str, str]:
    words = {tier.value: str(tier.label) for tier in Tier if tier.value}
    return words | {"unscored": _("Not scored"), "absent": _("Not there")}


def transitions(*, before: Run, after: Run, unit_code: str = "") -> dict[tuple[str, str], int]:
    """Accounts by (tier before, tier after); "absent" where an account is in one run only. Raises `ScoresGone`."""
    where = lake()
    with open_session(of=where) as session:
        for run in (before, after):
            if not where.has(session, scores_path(lake=where, run=run)):
                raise ScoresGone(run)
        old, new = (f"read_parquet({quoted(scores_path(lake=where, run=run))}, hive_partitioning = false)" for run in (before, after))
        rows = session.execute(
            f"""select coalesce(o.tier, 'absent'), coalesce(n.tier, 'absent'), count(*)
            from (select account_id, tier from {old} where starts_with(unit_code, $1)) o
            full join (select account_id, tier from {new} where starts_with(unit_code, $1)) n using (account_id) group by 1, 2""",
            [unit_code],
        ).fetchall()
    return {(old, new): count for old, new, count in rows}


def matrix(counts: dict[tuple[str, str], int]) -> dict:
    """Rows by the tier before, columns by the tier after; only tiers that occur."""
    words = tier_words()
    olds = [tier for tier in ORDER if any(old == tier for old, _new in counts)]
    news = [tier for tier in ORDER if any(new == tier for _old, new in counts)]
    rows = [{"tier": old, "label": words[old], "cells": [_cell(counts.get((old, new), 0), old, new) for new in news]} for old in olds]
    for row in rows:
        row["total"] = sum(cell["count"] for cell in row["cells"])
    return {
        "columns": [words[new] for new in news],
        "rows": rows,
        "moved": sum(count for (old, new), count in counts.items() if old != new),
    }


def _cell(count, old, new):
    rises = ORDER.index(new) < ORDER.index(old)
    return {"count": count, "tone": "same" if old == new else "up" if rises else "down"}


def sankey(counts: dict[tuple[str, str], int], *, before: Run, after: Run) -> dict:
    """The matrix as a drawing; accounts that stayed are left out, or they would hide every move."""
    words = tier_words()
    moves = {pair: count for pair, count in counts.items() if pair[0] != pair[1]}
    ends = [("a", old, before) for old in ORDER if any(pair[0] == old for pair in moves)]
    ends += [("b", new, after) for new in ORDER if any(pair[1] == new for pair in moves)]
    return {
        "kind": "sankey",
        "title": _("Accounts that changed tier"),
        "unit": "count",
        "note": _("Accounts that stayed in their tier are left out."),
        "nodes": [
            {"id": f"{side}-{tier}", "name": f"{words[tier]} · {run.as_of}", "key": tier if tier in ORDER[:5] else "muted"}
            for side, tier, run in ends
        ],
        "links": [{"source": f"a-{old}", "target": f"b-{new}", "value": count} for (old, new), count in sorted(moves.items())],
    }
