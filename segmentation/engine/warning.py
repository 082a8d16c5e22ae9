"""The early warning: who may leave, by explicit rules. It is rule-based: no label was learned from, no figure here is a probability.

Each rule gives points between 0 and 100 for one typed outcome (domain: declined, switched, closed, reduced, self_supply). Points add up
as `rules.either` says. The rules, their numbers and where they come from are listed in docs/engine.md; the numbers are `WarningPolicy`.
Use is compared with the same months of earlier years only, so a season is no warning.
"""

import narwhals as nw

from .features.feature import month, months, ratio, total
from .policy import WarningPolicy
from .rules import Rule, along, either
from .usage import add_state

RULE_BASED = True  # Said wherever the score is shown, until a trained model takes its place.
OUTCOMES = ("declined", "closed", "switched", "reduced", "self_supply")
UNKNOWN = "unknown"
CAN_SWITCH = ("agency", "retailer", "wholesale")


def rules(policy: WarningPolicy) -> tuple[Rule, ...]:
    """Every rule, in the order ties are broken."""
    state = nw.col("usage_state")
    down = (state == "stopped") | (state == "collapsed")
    falling = nw.col("recent_ratio") < policy.usage_down.starts
    # The last 3 months of an account that came back still hold the months it was away; its latest month speaks for it.
    compared = ~down & (state != "returned")
    # Below the base year but no longer falling: the loss lies behind, the account has steadied.
    steadied = nw.when(nw.col("recent_ratio") >= 1).then(nw.lit(policy.steadied_weight)).otherwise(nw.lit(1.0))
    can_switch = nw.col("market_status").is_in(list(CAN_SWITCH))
    days_left = nw.col("contract_days_left")
    ending = can_switch & (days_left >= -policy.contract_grace_days)
    two_part = nw.col("contract_kva") >= policy.capacity_from_kva
    owed = nw.col("arrears_fen") > 0
    return (
        Rule("stopped", "closed", _if(state == "stopped", nw.lit(policy.stopped)), ("zero_months", "base_month_kwh")),
        Rule("collapsed", "declined", _if(state == "collapsed", nw.lit(policy.collapsed)), ("expected_ratio",)),
        Rule(
            "usage_down", "declined", _if(compared, along(policy.usage_down, nw.col("recent_ratio")) * nw.col("season")), ("recent_ratio",)
        ),
        Rule("month_down", "declined", _if(~down, along(policy.month_down, nw.col("latest_ratio")) * nw.col("season")), ("latest_ratio",)),
        Rule("base_down", "declined", along(policy.base_down, nw.col("base_ratio")) * steadied, ("base_ratio",)),
        Rule("worsening", "declined", _if(falling & compared, along(policy.worsening, nw.col("pace"))), ("pace",)),
        Rule("young_down", "declined", _if(~down, along(policy.young_down, nw.col("half_year_ratio"))), ("half_year_ratio",)),
        Rule("returned", "declined", _if(state == "returned", nw.lit(policy.returned)), ("expected_ratio",)),
        Rule("contract_end", "switched", _if(ending, along(policy.contract_end, days_left)), ("contract_days_left",)),
        Rule("arrears", "closed", _if(owed, along(policy.arrears, nw.col("arrears_days"))), ("arrears_days", "arrears_fen")),
        Rule("complaints", "switched", along(policy.complaints, nw.col("complaints_3m")), ("complaints_3m",)),
        Rule("open_complaints", "switched", along(policy.open_complaints, nw.col("open_complaints")), ("open_complaints",)),
        Rule("price_up", "switched", _if(can_switch, along(policy.price_up, nw.col("price_change"))), ("price_change",)),
        Rule(
            "self_supply",
            "self_supply",
            _if((nw.col("substitutes") > 0) & ~down, along(policy.self_supply, nw.col("recent_ratio"))),
            ("substitutes", "recent_ratio"),
        ),
        Rule("capacity_idle", "reduced", _if(two_part, along(policy.capacity_idle, nw.col("capacity_use"))), ("capacity_use",)),
    )


def _if(when, points):
    return nw.when(when).then(points)


def warn(frame: nw.LazyFrame, policy: WarningPolicy) -> nw.LazyFrame:
    """Adds usage_state, risk_score (0-100, one decimal; null: unknown or closed), risk_band, risk_outcome, `risk_<outcome>` by outcome
    and a `risk_points_<code>` column per rule. Needs the features with helpers."""
    season = ratio(total(months(12, 15)), 3.0 * nw.col("base_month_kwh")).clip(0.0, 1.0)
    frame = add_state(frame, policy).with_columns(
        pace=ratio(nw.col("recent_ratio"), nw.col("earlier_ratio")),
        # A shortfall in a quiet season weighs as much as that season does in the year.
        season=season.fill_null(1.0),
    )
    listed = rules(policy)
    frame = frame.with_columns(*[rule.points.fill_null(0.0).alias(f"risk_points_{rule.code}") for rule in listed])
    points = {rule.code: nw.col(f"risk_points_{rule.code}") for rule in listed}
    by_outcome = [either([points[it.code] for it in listed if it.outcome == outcome]).alias(f"risk_{outcome}") for outcome in OUTCOMES]
    judged = ~nw.col("is_closed") & (~month(0).is_null() | (nw.col("months_known") > 0))
    score = nw.when(judged).then(either(list(points.values()))).round(1)
    frame = frame.with_columns(*by_outcome, score.alias("risk_score"))
    return frame.with_columns(_band(policy).alias("risk_band"), _outcome().alias("risk_outcome"))


def _band(policy):
    score = nw.col("risk_score")
    band = nw.when(score.is_null()).then(nw.lit(UNKNOWN)).otherwise(nw.lit("low"))
    for name in ("watch", "elevated", "high"):
        band = nw.when(score >= policy.bands[name]).then(nw.lit(name)).otherwise(band)
    return band


def _outcome():
    """The outcome with the most points; a fall at an account with its own generation is called self-supply. Ties: the order listed."""
    most = nw.max_horizontal(*[nw.col(f"risk_{outcome}") for outcome in OUTCOMES])
    chosen = nw.lit(None).cast(nw.String)
    for outcome in reversed(OUTCOMES):
        name = nw.lit(outcome)
        if outcome == "declined":
            name = nw.when(nw.col("risk_self_supply") > 0).then(nw.lit("self_supply")).otherwise(nw.lit("declined"))
        chosen = nw.when(nw.col(f"risk_{outcome}") >= most).then(name).otherwise(chosen)
    return nw.when((nw.col("risk_score") > 0) & (most > 0)).then(chosen)
