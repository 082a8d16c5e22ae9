"""Reasons as compact JSON text, one per account, put together by DuckDB from columns: no account is looked at one by one.

The shape stands in the package's docstring. Codes and numbers only; `explain.py` has the words.
"""

import duckdb
import numpy as np
import pyarrow as pa

from .credit import bars, deductions
from .policy import TIERS, Policy
from .tiers import Tiered
from .value import REASONS, Valued, one_change, strongest
from .warning import rules

LEAST = 0.05  # points under this round to nothing
HEADLINE_POINTS = 8.0
HEADLINE_GROWTH = 0.15
MOST_RISKS = 4
ROUND_TO = {"recent_ratio": 3, "latest_ratio": 3, "base_ratio": 3, "pace": 3, "half_year_ratio": 3, "expected_ratio": 3, "price_change": 3,
            "capacity_use": 3, "growth": 3}  # fmt: skip


def value_slots(valued: Valued, tiered: Tiered, missing: np.ndarray, target: np.ndarray, policy: Policy) -> dict[str, pa.Array]:
    """Columns of the strongest lifts and pulls, and of the one change that would reach the next tier."""
    codes = [it.feature for it in policy.value.indicators]
    slots = {}
    for kind, sign in (("lift", 1), ("pull", -1)):
        which = strongest(valued.effect, sign)
        for slot in range(REASONS):
            at, row = which[:, slot], np.arange(len(which))
            gone = at < 0
            slots[f"{kind}{slot}_code"] = _codes(codes, at)
            slots[f"{kind}{slot}_points"] = _column(np.round(valued.effect[row, at], 1), gone)
            slots[f"{kind}{slot}_value"] = _column(_short(valued.values[row, at]), gone)
            slots[f"{kind}{slot}_place"] = _column(np.round(valued.places[row, at], 1), gone)
    which, needed = one_change(valued, missing, policy.value)
    slots["next_tier"] = _codes(list(TIERS), target)
    slots["next_points"] = _column(missing, target < 0)
    slots["next_code"] = _codes(codes, which)
    slots["next_now"] = _column(_short(valued.values[np.arange(len(which)), which]), which < 0)
    slots["next_needed"] = _column(_short(needed), which < 0)
    slots["gated"] = pa.array(tiered.gated)
    return slots


def _codes(names, at):
    return pa.DictionaryArray.from_arrays(pa.array(np.maximum(at, 0).astype(np.int32), mask=at < 0), pa.array(names)).cast(pa.string())


def _column(values, gone):
    return pa.array(values, mask=gone | np.isnan(values))


def _short(values):
    """As many digits as a sentence needs."""
    return np.where(np.abs(values) >= 1000, np.round(values, 0), np.round(values, 4))


def write(columns: pa.Table, policy: Policy, as_of) -> pa.Table:
    """account_id, headline_code and reasons (JSON text). `columns`: the slots, credit and warning columns and the features they tell."""
    connection = duckdb.connect()
    connection.register("columns", columns)
    risks = _listed([(it.code, f"risk_points_{it.code}", 1, it.numbers) for it in rules(policy.warning)], MOST_RISKS)
    credits = [(it.code, f"credit_{it.code}", -1, it.numbers) for it in deductions(policy.credit)]
    credits += [(code, f"credit_{code}", -1, numbers) for code, _, _, numbers in bars(policy.credit, as_of)]
    sql = f"""
        with told as (
            select account_id, credit_grade, tier, gated, quadrant, growth, usage_state,
                   {_values("lift")} as lifts, {_values("pull")} as pulls, {_next()} as next,
                   case when risk_score > 0 then {risks} end as risk,
                   case when credit_score < 100 then {_listed(credits, 4)} end as credit
            from columns),
        headed as (
            select *, case
                when risk[1].p >= {HEADLINE_POINTS} then risk[1]
                when credit_grade = 'C' then credit[1]
                when quadrant = 'potential_large' and growth >= {HEADLINE_GROWTH}
                    then {{'p': 0.0, 'c': 'potential_growth', 's': '["potential_growth",0,' || round(growth, 3) || ']'}}
                end as head
            from told)
        select account_id, coalesce(head.c, '') as headline_code,
            '{{' || concat_ws(',', '"headline":' || head.s, '"lifts":[' || nullif(lifts, '') || ']', '"pulls":[' || nullif(pulls, '') || ']',
                '"next":' || next, case when gated then '"gate":["' || credit_grade || '","' || tier || '"]' end,
                '"credit":[' || {_joined("credit")} || ']', '"risk":[' || {_joined("risk")} || ']') || '}}' as reasons
        from headed order by account_id"""
    return connection.sql(sql).to_arrow_table()


def _values(kind):
    parts = [
        f"""'["' || {kind}{slot}_code || '",' || {kind}{slot}_points || ',' || {kind}{slot}_value || ',' || {kind}{slot}_place || ']'"""
        for slot in range(REASONS)
    ]
    return f"concat_ws(',', {', '.join(parts)})"


def _next():
    change = "coalesce('\",' || 'x', '')"
    change = """coalesce(',"' || next_code || '",' || next_now || ',' || next_needed, ',null')"""
    return f"""'["' || next_tier || '",' || next_points || {change} || ']'"""


def _listed(entries, most):
    """SQL list of {points, code, text}, strongest first; equal points in the order listed."""
    structs = []
    for order, (code, points, sign, numbers) in enumerate(entries):
        told = "".join(f" || ',' || coalesce({_rounded(name)}::varchar, 'null')" for name in numbers)
        text = f"""'["{code}",' || round({sign} * {points}, 1){told} || ']'"""
        structs.append(f"case when {points} > 0 then {{'p': {points}, 'o': {-order}, 'c': '{code}', 's': {text}}} end")
    return f"list_slice(list_sort(list_filter([{', '.join(structs)}], lambda it: it is not null), 'DESC'), 1, {most})"


def _rounded(name):
    return f"round({name}, {ROUND_TO.get(name, 0)})" if not name.endswith("_months") else name


def _joined(name):
    return f"nullif(array_to_string(list_transform({name}, lambda it: it.s), ','), '')"
