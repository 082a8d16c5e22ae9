"""What state an account's use is in. Every month is held against the same month of earlier years, so that an idle season is no alarm.

closed     the account was closed on or before the date
unknown    the month judged is not billed
dormant    a year or more known, and not one kWh in it (up to three years are looked at)
stopped    no use in the latest month, though there was use before; not where the same month of last year was idle too and use came back
collapsed  the latest month is under a fifth of the same month of an earlier year, or under a tenth of the base month
returned   stopped or collapsed within the last 12 months, and now back at two fifths or more
fading     3 months under 80 % of the year before, 12 months under 80 % of the base year, or the latest month under half of its like
new        younger than six months
active     none of these

Base month: monthly mean of the best of up to three years. All shares are parameters of `WarningPolicy`.
"""

import narwhals as nw

from .features.feature import month, months, total
from .policy import WarningPolicy

STATES = ("active", "new", "fading", "collapsed", "stopped", "returned", "dormant", "closed", "unknown")


def add_state(frame: nw.LazyFrame, policy: WarningPolicy) -> nw.LazyFrame:
    """Adds expected_kwh, expected_ratio (latest month over it), was_down and usage_state. Needs the features with helpers."""
    base = nw.col("base_month_kwh")
    frame = frame.with_columns(
        expected_kwh=nw.max_horizontal(month(12), month(24)),
        was_down=_was_down(policy, base),
        past_base=policy.collapsed_base_share * base,
    )
    idle_then = nw.col("expected_kwh") <= nw.col("past_base")
    back_since = nw.max_horizontal(*months(1, 12)) > nw.col("past_base")
    frame = frame.with_columns(
        # The same month was idle before, and use came back after it: the account's season, not its end.
        idle_season=(idle_then & back_since & (month(0) >= 0.5 * nw.col("expected_kwh"))).fill_null(False),
        expected_ratio=nw.when(nw.col("expected_kwh") > nw.col("past_base"))
        .then(month(0) / nw.col("expected_kwh"))
        .otherwise(nw.when(base > 0).then(month(0) / base)),
    )
    nothing = (base > 0) & (month(0) <= policy.stopped_share * base) & ~nw.col("idle_season")
    against_year = (nw.col("expected_kwh") > nw.col("past_base")) & (nw.col("expected_ratio") <= policy.collapsed_share)
    against_base = (month(0) <= nw.col("past_base")) & (base > 0)
    collapsed = (against_year.fill_null(False) | against_base) & ~nw.col("idle_season")
    returned = nw.col("was_down") & (nw.col("expected_ratio") >= policy.returned_share)
    below = policy.fading_ratio
    fading = (
        (nw.col("recent_ratio") <= below).fill_null(False)
        | (nw.col("base_ratio") <= below).fill_null(False)
        | (nw.col("latest_ratio") <= policy.fading_month_ratio).fill_null(False)
    )
    young = (nw.col("tenure_years") * 12 < policy.new_months) | (nw.col("months_known") < 3)
    states = (
        ("closed", nw.col("is_closed")),
        ("unknown", month(0).is_null()),
        ("dormant", (base <= 0) & (nw.col("months_known") >= 12)),
        ("stopped", nothing),
        ("collapsed", collapsed),
        ("returned", returned),
        ("new", young),
        ("fading", fading),
    )
    chosen = nw.lit("active")
    for name, when in reversed(states):
        chosen = nw.when(when.fill_null(False)).then(nw.lit(name)).otherwise(chosen)
    return frame.with_columns(chosen.alias("usage_state"))


def _was_down(policy, base):
    """Some month of the last 12 was down: against the same month a year before or, where that is not known, against the base.

    A stop longer than a year has itself to compare with; then the whole of the last 12 months was next to nothing.
    """
    down = (total(months(1, 13)) / 12 <= policy.collapsed_base_share * base).fill_null(False)
    for ago in range(1, 13):
        before, low = month(ago + 12), month(ago) <= policy.collapsed_base_share * base
        fell = (before > policy.collapsed_base_share * base) & (month(ago) <= policy.collapsed_share * before)
        down = down | fell.fill_null(False) | (before.is_null() & low).fill_null(False)
    return down & (base > 0)
