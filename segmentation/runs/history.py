"""What runs said about one account: its standing in words, its scores over time, its features."""

from django.utils.translation import gettext as _

from segmentation.engine.explain import number as engine_number
from segmentation.engine.features import describe
from segmentation.lake.services import one_account
from segmentation.lake.session import lake, open_session
from segmentation.runs.comparing import tier_words
from segmentation.runs.models import Change, Run

RUNS_SHOWN = 36
SCORES = "account_id, value_score, current_score, potential_score, credit_score, credit_grade, risk_score, risk_band, tier, usage_state"


def scores_over_time(account_id: int) -> list[dict]:
    """Scores of the account in the last published runs, one a date, oldest first. The newest run of a date counts."""
    runs = {}
    for run in Run.objects.published().order_by("id").only("as_of", "restores"):
        runs[run.as_of] = run.restores_id or run.pk
    dates = sorted(runs)[-RUNS_SHOWN:]
    by_run = {runs[date]: date for date in dates}
    where = lake()
    with open_session(of=where) as session:
        rows = one_account(session=session, lake=where, kind="scores", run_ids=list(by_run), account_id=account_id, columns=SCORES)
    return sorted(({"as_of": by_run[row["run_id"]], **row} for row in rows), key=lambda row: row["as_of"])


def features_of(account_id: int, run: Run | None, language: str) -> list[dict]:
    """Every feature of the account in a run: name, meaning, unit, value, and the value as people write it. Empty when it was not judged."""
    if run is None:
        return []
    where = lake()
    with open_session(of=where) as session:
        found = one_account(session=session, lake=where, kind="features", run_ids=[run.restores_id or run.pk], account_id=account_id)
    if not found:
        return []
    index, units = 1 if language.startswith("zh") else 0, unit_words()
    return [_told(feature, found[0].get(feature["name"]), units, index) for feature in describe("zh-hans" if index else "en")]


def _told(feature, value, units, index):
    unit = feature["unit"]
    return {**feature, "unit": units.get(unit, unit), "value": value, "text": written(value, unit, units, index)}


def unit_words() -> dict[str, str]:
    """Units as a reader calls them; those the engine writes itself (kWh, days, money, shares) only for the column of units."""
    return {
        "share": "%", "change": "%", "share per month": _("% a month"), "fen": _("yuan"), "fen/kWh": _("yuan/kWh"), "months": _("months"),
        "days": _("days"), "years": _("years"), "bills": _("bills"), "tickets": _("tickets"), "complaints": _("complaints"), "visits": _("visits"),
        "times": _("times"), "reports": _("reports"), "kinds": _("kinds"), "points": _("points"), "flag": _("yes or no"),
    }  # fmt: skip


OF_THE_ENGINE = {"kWh": "kWh", "fen": "fen", "fen/kWh": "fen/kWh", "share": "share", "days": "days", "share per month": "change per month"}


def written(value, unit, units, index):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if unit in OF_THE_ENGINE:
        return engine_number(value, OF_THE_ENGINE[unit], index)
    return f"{engine_number(value, 'number', index)}{'' if index else ' '}{units.get(unit, unit)}"


def moves_of(account) -> list[Change]:
    """The account's moves, newest first."""
    return list(Change.objects.filter(account=account).select_related("run").order_by("-run")[:RUNS_SHOWN])


def chart(rows: list[dict]) -> dict:
    """Scores over time for the chart component; a mark where the tier changed."""
    tiers = tier_words()

    def line(name, key, column):
        return {"name": name, "key": key, "values": [row[column] for row in rows]}

    return {
        "kind": "line",
        "title": _("Scores over time"),
        "unit": _("points"),
        "x": {"label": _("As of"), "values": [row["as_of"].isoformat() for row in rows]},
        "series": [
            line(_("Value"), "diamond", "value_score"),
            line(_("Current value"), "platinum", "current_score"),
            line(_("Potential value"), "silver", "potential_score"),
            line(_("Credit"), "muted", "credit_score"),
            line(_("Early warning"), "risk", "risk_score"),
        ],
        "marks": [
            {"x": now["as_of"].isoformat(), "label": tiers.get(now["tier"], now["tier"])}
            for before, now in zip([None, *rows], rows, strict=False)
            if before is None or before["tier"] != now["tier"]
        ],
    }
