"""Reasons as compact JSON text, one per account, put together from whole columns: no account is looked at one by one.

The shape stands in the package's docstring. Codes and numbers only; `explain.py` has the words.
"""

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .credit import bars, deductions
from .policy import TIERS, Policy
from .tiers import Tiered
from .value import REASONS, Valued, one_change, strongest
from .warning import rules

RISK_LEAST = 1.0  # points of risk not worth a line
HEADLINE_POINTS = 8.0
HEADLINE_GROWTH = 0.15
MOST = 4  # reasons for credit, and for risk
WHOLE = ("_days", "_months", "_fen", "_3m", "_12m", "_count", "complaints", "substitutes", "_mean", "_kwh", "_left")


def value_texts(valued: Valued, tiered: Tiered, missing: np.ndarray, target: np.ndarray, policy: Policy) -> dict[str, pa.Array]:
    """JSON pieces of the strongest lifts and pulls, of the one change that would reach the next tier, and of the credit gate."""
    codes = [it.feature for it in policy.value.indicators]
    out = {}
    for kind, sign in (("lifts", 1), ("pulls", -1)):
        which = strongest(valued.effect, sign)
        row = np.arange(len(which))
        slots = []
        for slot in range(REASONS):
            at = which[:, slot]
            numbers = [_text(valued.values[row, at], at < 0), _tenths(valued.places[row, at], at < 0)]
            slots.append(_reason(codes, at, np.abs(valued.effect[row, at]), numbers, minus=sign < 0))
        out[kind] = _section(slots)
    which, needed = one_change(valued, missing, policy.value)
    now = valued.values[np.arange(len(which)), which]
    change = _join('"', _pick(codes, which), '",', _text(now, which < 0), ",", _text(needed, which < 0))
    change = pc.if_else(pa.array(target >= 0), pc.fill_null(change, "null"), None)
    out["next"] = _join('["', _pick(TIERS, target), '",', _tenths(missing, target < 0), ",", change, "]")
    return out


def write(columns: dict, gated: np.ndarray, texts: dict, policy: Policy, as_of) -> dict[str, pa.Array]:
    """headline_code and reasons (JSON text). `columns` by name: credit and warning columns and the features their sentences tell."""
    risk = [(it.code, f"risk_points_{it.code}", it.numbers) for it in rules(policy.warning)]
    credit = [(it.code, f"credit_{it.code}", it.numbers) for it in deductions(policy.credit)]
    credit += [(code, f"credit_{code}", numbers) for code, _, _, numbers in bars(policy.credit, as_of)]
    risk_codes, risk_slots, risk_points = _ranked(risk, columns, shown=_numpy(columns["risk_score"]) > 0, minus=False, least=RISK_LEAST)
    credit_codes, credit_slots, _ = _ranked(credit, columns, shown=_numpy(columns["credit_score"]) < 100, minus=True)
    growth = _numpy(columns["growth"])
    growing = (_numpy(columns["quadrant"]) == "potential_large") & (growth >= HEADLINE_GROWTH)
    grown = _join('["potential_growth",0,', _text(growth, ~growing), "]")
    cases = [pa.array(risk_points >= HEADLINE_POINTS), pa.array(_numpy(columns["credit_grade"]) == "C"), pa.array(growing)]
    which = pa.StructArray.from_arrays(cases, ["risk", "credit", "growth"])
    headline = pc.case_when(which, risk_slots[0], credit_slots[0], grown)
    code = pc.case_when(which, risk_codes, credit_codes, pa.array(["potential_growth"] * len(growth)))
    gate = pc.if_else(pa.array(gated), _join('["', columns["credit_grade"], '","', columns["tier"], '"]'), None)
    parts = (
        ("headline", headline), ("lifts", texts["lifts"]), ("pulls", texts["pulls"]), ("next", texts["next"]), ("gate", gate),
        ("credit", _section(credit_slots)), ("risk", _section(risk_slots)),
    )  # fmt: skip
    whole = _stick(*[_join(f',"{name}":', piece) for name, piece in parts])
    return {"headline_code": pc.fill_null(code, ""), "reasons": _join("{", pc.utf8_slice_codeunits(whole, 1), "}")}


def _ranked(entries, columns, shown, minus, least=0.0):
    """The code and JSON text of the strongest entries per account, strongest first, and the strongest's points."""
    points = np.column_stack([_numpy(columns[name]) for _, name, _ in entries])
    points[~shown] = 0.0
    codes, slots, top = [code for code, _, _ in entries], [], points.max(axis=1)
    for _ in range(MOST):
        which = np.argmax(points, axis=1)
        best = points[np.arange(len(points)), which]
        at = np.where(best > least, which, -1)
        slots.append(_reason(codes, at, best, _numbers(entries, columns, at), minus))
        if len(slots) == 1:
            first = _pick(codes, at)
        points[np.arange(len(points)), which] = 0.0
    return first, slots, top


def _numbers(entries, columns, at):
    """The texts of up to two numbers, from whichever columns the chosen entry tells."""
    texts = []
    for place in range(max(len(names) for _, _, names in entries)):
        values, none = np.full(len(at), np.nan), np.ones(len(at), dtype=bool)
        for entry, (_, _, names) in enumerate(entries):
            if place < len(names):
                rows = np.flatnonzero(at == entry)
                values[rows] = _told(names[place], _numpy(columns[names[place]])[rows])
                none[rows] = False
        texts.append(pc.if_else(pa.array(none), None, pc.fill_null(_text(values, none), "null")))
    return texts


def _told(name, values):
    return np.round(values, 0 if name.endswith(WHOLE) else 3)


def _reason(codes, at, points, numbers, minus):
    """["code",points,number,...] where `at` names a code, null elsewhere. Points of a tenth come from a table of texts."""
    sign = "-" if minus else ""
    tenths = np.clip(np.round(np.nan_to_num(points) * 10), 0, 1000).astype(np.int32)
    head = _heads(tuple(codes), sign).take(pa.array(np.where(at < 0, 0, at * 1001 + tenths), mask=at < 0))
    return _join(head, _stick(*[_join(",", number) for number in numbers]), "]")


@lru_cache
def _heads(codes, sign):
    return pa.array([f'["{code}",{sign if ten else ""}{ten // 10}.{ten % 10}' for code in codes for ten in range(1001)])


def _section(slots):
    """[reason,reason,...], null where there is none."""
    first, *rest = slots
    return _join("[", first, _stick(*[_join(",", it) for it in rest]), "]")


def _numpy(column):
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_string(column.type):
        return column.to_numpy(zero_copy_only=False)
    return column.cast(pa.float64()).to_numpy(zero_copy_only=False)


def _pick(names, at):
    return pa.array(list(names)).take(pa.array(np.maximum(at, 0).astype(np.int32), mask=at < 0))


def _tenths(values, gone):
    gone = gone | np.isnan(values)
    tenths = np.clip(np.round(np.where(gone, 0, values) * 10), 0, 1000).astype(np.int32)
    return _tenth_texts().take(pa.array(tenths, mask=gone))


@lru_cache
def _tenth_texts():
    return pa.array([f"{ten // 10}.{ten % 10}" for ten in range(1001)])


def _text(values, gone):
    """Numbers as text with as many digits as a sentence needs: whole from 1000 on, else four decimals."""
    short = np.where(np.abs(values) >= 1000, np.round(values, 0), np.round(values, 4)) + 0.0  # no -0
    return pa.array(short, mask=gone | np.isnan(short)).cast(pa.string())


def _join(*parts):
    """Texts end to end; null where any part is."""
    return pc.binary_join_element_wise(*[_flat(it) for it in parts], "")


def _stick(*parts):
    """Texts end to end, a null part is left out."""
    return pc.binary_join_element_wise(*[_flat(it) for it in parts], "", null_handling="replace", null_replacement="")


def _flat(part):
    return part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part
