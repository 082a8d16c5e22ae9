"""The judgement as a library: columns in, columns out; no Django anywhere below this folder.

Facts go in as tables (`tables.py` is the contract: the lake writes exactly those columns), a standing per account comes out. The heavy
part, many bills to one row per account, is Narwhals lazy expressions and runs where the tables live (DuckDB here, Spark on a cluster,
pyarrow or pandas in a test). What needs a whole peer set at once (percentiles, tiers) is numpy over the one-row-per-account columns.

Public surface
--------------
::

    from segmentation.engine.judge import judge, stages, OUTPUT
    from segmentation.engine.policy import Policy
    from segmentation.engine.explain import words, reasons_of
    from segmentation.engine.features import FEATURES, compute, describe

    judge(tables, *, as_of, policy=Policy(), previous=None) -> pyarrow.Table       # all stages, sorted by account_id
    stages(tables, *, as_of, policy=Policy(), previous=None)                       # yields (name, pyarrow.Table) as each is done:
        # "features", "credit", "value", "warning", "standing"; the last table is what judge() returns
    compute(tables, as_of) -> narwhals.LazyFrame                                   # features only, lazy, one row per account
    describe(language) -> [{"name", "unit", "meaning", "needs"}, ...]              # FEATURES in words ("en" or "zh-hans")
    Policy.from_dict(dict), policy.to_dict()                                       # JSON-able: {"value": {}, "credit": {}, "warning": {}};
        # {} is the default policy; unknown keys and impossible numbers raise PolicyError with the key's name
    words(reasons, language) -> dict                                               # reasons (dict or JSON text) -> sentences to print

`tables` is a mapping of table name to a DuckDB relation, pyarrow.Table or pandas frame, all of one kind: `accounts` and `bills`
are needed; `payments`, `tickets`, `engagement`, `entitlements` may be absent (then what rests on them is unknown, null, not 0).
DuckDB relations must come from one connection. `as_of` is a `datetime.date`. Accounts opened after `as_of` are left out.
`previous` is the standing now in force (any of the same kinds, or None): account_id, tier, value_score, tier_pressure_runs,
credit_grade. Errors: `tables.MissingTable`, `tables.MissingColumn`, `policy.PolicyError`, `weights.Inconsistent`.

What judge() returns, one row per account
-----------------------------------------
========================  ============  =============================================================================
account_id                int64
category, unit_code       string
peer_set                  string        who it was compared with (its category; "all" where the category has too few)
month                     date          first day of the latest complete billed month the judgement rests on
kwh_12m, kwh_prev_12m     float64?      kWh
growth                    float64?      share, 0.12 is +12 % against the 12 months before
revenue_12m_fen           int64?        null: money unknown
arrears_fen               int64?        overdue on as_of
arrears_days              int64?        days since the oldest overdue due date; null when nothing is overdue
late_count_12m            int64?
complaints_12m            int64?
open_tickets              int64?
contract_days_left        int64?        negative: already ended
capacity_use              float64?      highest demand of 12 months / contract kVA
power_factor              float64?
sparkline                 list<float64> 12 monthly kWh, oldest first, null: month unknown
value_score               float64?      0-100, one decimal; null: unscored
current_score             float64?      0-100
potential_score           float64?      0-100
tier                      string        diamond, platinum, gold, silver, standard, unscored
previous_tier             string?       tier in `previous`, null when not there
tier_pressure_runs        int64         runs in a row the score pointed to another tier (+ up, - down); 0: none. Store it, pass it back
quadrant                  string        key, potential_large, maintain, standard, unscored
credit_score              float64?      0-100; null: unrated
credit_grade              string        A, B, C, unrated
risk_score                float64?      0-100, one decimal; null: unknown or already closed
risk_band                 string        low, watch, elevated, high, unknown
risk_outcome              string?       declined, switched, closed, reduced, self_supply; null: nothing points anywhere
usage_state               string        active, new, fading, collapsed, stopped, returned, dormant, closed, unknown
headline_code             string        code of the one thing to know, "" when there is nothing
reasons                   string        JSON text, see below
risk_model              int64?        version of the model that scored the risk; null: the rules did, no figure is a probability
========================  ============  =============================================================================

Reasons
-------
Compact JSON. A reason is a list: code, contribution in points, then the numbers its template names (`explain.REASONS[code].numbers`)::

    {"v": 1,                                                   version of this shape
     "headline": ["usage_down", 0, 0.69],
     "lifts":  [["kwh_12m", 21.4, 18420000, 99.2], ...],      up to three, largest first
     "pulls":  [["trend", -9.8, -0.051, 3.1], ...],           up to three, most negative first
     "next":   ["platinum", 4.2, "growth", 0.08, 0.15],       next tier, points missing, the one indicator that would do it, now, needed
     "gate":   ["C", "gold"],                                 instead of next: this credit grade bars the tiers above
     "credit": [["late_bills", -9, 3, 12], ...],
     "risk":   [["usage_down", 37.5, 0.69, ...], ...],        strongest first; "model_..." codes where a model explains, points of probability
     "model":  [3, 90, ["closed", 12.3], ...]}                where a model scored: version, horizon in days, percent by outcome

Absent keys mean nothing to say. Pages print `words(reasons, "zh-hans")`, which gives the same keys with strings (headline, next) and
lists of strings (lifts, pulls, credit, risk); the contribution stands in brackets at the end. `reasons_of(reasons)` gives the same as
dicts (code, direction, contribution, numbers) for the API.
"""
