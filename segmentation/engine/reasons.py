"""Reasons as compact JSON text, one per account, put together from whole columns: no account is looked at one by one.

The shape stands in the package's docstring. Codes and numbers only; `explain.py` has the words.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .churn.judging import entries
from .credit import bars, deductions
from .policy import TIERS, Policy
from .tiers import Tiered
from .value import REASONS, Valued, one_change, strongest
from .warning import rules

RISK_LEAST = 1.0  # points of risk not worth a line
HEADLINE_POINTS = 8.0
HEADLINE_GROWTH = 0.15
VERSION = 1  # of the shape
PART = 100_000  # rows put into words at a time
MOST = 4  # reasons for credit, and for risk
WHOLE = ("_days", "_months", "_fen", "_3m", "_12m", "_count", "complaints", "substitutes", "_mean", "_kwh", "_left")


def value_texts(valued: Valued, tiered: Tiered, missing: np.ndarray, target: np.ndarray, policy: Policy) -> dict[str, pa.Array]:
    """JSON members of the strongest lifts and pulls, and of the one change that would reach the next tier."""
    which, needed = one_change(valued, missing, policy.value)

    def texts(rows):
        return {
            "lifts": _effects("lifts", valued, 1, rows, policy),
            "pulls": _effects("pulls", valued, -1, rows, policy),
            "next": _next(valued, which[rows], needed[rows], missing[rows], target[rows], rows, policy),
        }

    return _in_parts(len(which), texts)


def _effects(name, valued, sign, rows, policy):
    codes = [it.feature for it in policy.value.indicators]
    which = strongest(valued.effect[rows], sign)
    slots = []
    for slot in range(REASONS):
        at = which[:, slot]
        values, places = valued.values[rows][np.arange(len(at)), at], valued.places[rows][np.arange(len(at)), at]
        points = np.abs(valued.effect[rows][np.arange(len(at)), at])
        slots.append(_reason(codes, at, points, [_text(values, at < 0), _tenths(places, at < 0)], minus=sign < 0))
    return _section(name, slots)


def _next(valued, which, needed, missing, target, rows, policy):
    codes = [it.feature for it in policy.value.indicators]
    now = valued.values[rows][np.arange(len(which)), which]
    change = _join(_quoted(codes, which), _text(now, which < 0), _text(needed, which < 0), by=",")
    told = _join(_quoted(TIERS, target), _tenths(missing, target < 0), pc.fill_null(change, "null"), by=",")
    return _join('"next":[', told, "]")


def write(columns: dict, settled: Tiered, texts: dict, policy: Policy, as_of, model: dict | None = None) -> dict[str, pa.Array]:
    """headline_code and reasons (JSON text). `columns` by name: credit and warning columns and the features their sentences tell.

    `model`: what a learned model tells in place of the rules (`churn.judging`).
    """
    risk = [(it.code, f"risk_points_{it.code}", it.numbers) for it in rules(policy.warning)]
    credit = _credit_entries(policy, as_of)
    used = {name for _, points, numbers in (*risk, *credit) for name in (points, *numbers)} | {"risk_score", "credit_score", "growth"}
    numbers = {name: _floats(columns[name]) for name in used}
    words = {name: _flat(columns[name]) for name in ("credit_grade", "tier", "quadrant", "important_grade")}
    words |= {"gate": _barred(words, settled), "floor": _lifted(words, settled)}
    words |= _of_model(model, len(settled.level))

    def text(rows):
        held = {name: it[rows] for name, it in numbers.items()}
        said = {name: it[rows] for name, it in (words | texts).items()}
        return _whole(held, said, risk, credit)

    return _in_parts(len(settled.level), text)


def _credit_entries(policy, as_of):
    """(code, column of points, numbers told) of everything that lowers a credit score."""
    lost = [(it.code, f"credit_{it.code}", it.numbers) for it in deductions(policy.credit)]
    return lost + [(code, f"credit_{code}", numbers) for code, _, _, numbers in bars(policy.credit, as_of)]


def of_credit(columns: dict, policy: Policy, as_of) -> pa.Array:
    """The JSON member of the reasons of credit. `columns` by name: the stage "credit" and the features its sentences tell."""
    entries = _credit_entries(policy, as_of)
    used = {name for _, points, numbers in entries for name in (points, *numbers)} | {"credit_score"}
    held = {name: _floats(columns[name]) for name in used}

    def text(rows):
        numbers = {name: it[rows] for name, it in held.items()}
        return {"credit": _section("credit", _ranked(entries, numbers, numbers["credit_score"] < 100, minus=True)[1])}

    return _in_parts(len(held["credit_score"]), text)["credit"]


def of_value(valued: pa.Table, texts: dict, settled: Tiered, important_grade, *more: pa.Array) -> pa.Array:
    """The reasons of value, as JSON text; `more`: further members."""
    words = {name: _flat(valued[name]) for name in ("credit_grade", "tier")} | {"important_grade": _flat(important_grade)}
    start = pa.array([f'{{"v":{VERSION}'] * len(settled.level))
    members = (start, texts["lifts"], texts["pulls"], texts["next"], _barred(words, settled), _lifted(words, settled), *more)
    return _join(_present(members, ","), "}")


def _barred(words, settled):
    return _masked(_join('"gate":["', words["credit_grade"], '","', words["tier"], '"]'), settled.gated)


def _lifted(words, settled):
    return _masked(_join('"floor":["', pc.fill_null(words["important_grade"], ""), '","', words["tier"], '"]'), settled.floored)


def _whole(numbers, said, risk, credit):
    risk_codes, risk_slots, risk_points = _ranked(risk, numbers, numbers["risk_score"] > 0, minus=False, least=RISK_LEAST)
    risk_section = _section("risk", risk_slots)
    if "model" in said:
        # The rules' points are none of a model's: only what it says itself makes a headline.
        risk_codes, risk_slots[0], risk_section = said["model_code"], said["model_first"], pc.coalesce(said["model_risk"], risk_section)
        risk_points = np.where(said["model_code"].is_valid().to_numpy(zero_copy_only=False), numbers["risk_score"], 0.0)
    credit_codes, credit_slots, _ = _ranked(credit, numbers, numbers["credit_score"] < 100, minus=True)
    potential = pc.equal(said["quadrant"], "potential_large").to_numpy(zero_copy_only=False)
    growing = potential & (numbers["growth"] >= HEADLINE_GROWTH)
    grown = _join('["potential_growth",0,', _text(numbers["growth"], ~growing))
    cases = [pa.array(risk_points >= HEADLINE_POINTS), pc.equal(said["credit_grade"], "C"), pa.array(growing)]
    which = pa.StructArray.from_arrays(cases, ["risk", "credit", "growth"])
    headline = _join('"headline":', pc.case_when(which, risk_slots[0], credit_slots[0], grown), "]")
    code = pc.case_when(which, risk_codes, credit_codes, pa.array(["potential_growth"] * len(potential)))
    members = (
        pa.array([f'{{"v":{VERSION}'] * len(potential)),
        headline,
        said["lifts"],
        said["pulls"],
        said["next"],
        said["gate"],
        said["floor"],
        _section("credit", credit_slots),
        risk_section,
        *([said["model"]] if "model" in said else []),
    )
    return {"headline_code": pc.fill_null(code, ""), "reasons": _join(_present(members, ","), "}")}


def _of_model(model, many):
    """Columns of every row: the JSON member of a model's probabilities, and for the rows it explains its reasons; {} without a model."""
    if model is None:
        return {}
    listed, held = entries(model)
    codes, slots, _points = (
        _ranked(listed, held, np.ones(len(model["rows"]), bool), minus=False)
        if len(model["rows"])
        else (pa.nulls(0, pa.string()), [pa.nulls(0, pa.string())], None)
    )
    at = np.full(many, -1)
    at[model["rows"]] = np.arange(len(model["rows"]))
    where = pa.array(at, mask=at < 0)
    parts = [_tenth(outcome, part) for outcome, part in model["parts"].items()]
    head = pa.array([f'"model":[{model["version"]},{model["horizon"]}'] * many)
    member = _masked(_join(_present([head, *parts], ","), "]"), model["judged"])
    return {
        "model": member, "model_code": codes.take(where), "model_first": slots[0].take(where), "model_risk": _section("risk", slots).take(where),
    }  # fmt: skip


def _tenth(outcome, part):
    """["closed",12.3], null where the probability is under half a percent."""
    return _join(f'["{outcome}",', _tenths(part, part < 0.5), "]")


def _in_parts(many, work):
    """Columns of `work(rows)` over slices of the rows, on every core: arrow and numpy let go of the interpreter while they work."""
    parts = [slice(start, min(start + PART, many)) for start in range(0, many, PART)] or [slice(0, 0)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(work, parts))
    return {name: pa.concat_arrays([part[name] for part in done]) for name in done[0]}


def _ranked(entries, columns, shown, minus, least=0.0):
    """The code and JSON text (its bracket left open) of the strongest entries per account, strongest first, and the strongest's points."""
    points = np.column_stack([columns[name] for _, name, _ in entries])
    points[~shown] = 0.0
    codes, slots, top = [code for code, _, _ in entries], [], points.max(axis=1, initial=0.0)
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
    """The texts of up to two numbers, from whichever columns the chosen entry tells; "null" where that is unknown."""
    texts = []
    for place in range(max(len(names) for _, _, names in entries)):
        values, none = np.full(len(at), np.nan), np.ones(len(at), dtype=bool)
        for entry, (_, _, names) in enumerate(entries):
            if place < len(names):
                rows = np.flatnonzero(at == entry)
                values[rows] = _told(names[place], columns[names[place]][rows])
                none[rows] = False
        texts.append(pc.if_else(pa.array(none), None, pc.fill_null(_text(values, none), "null")))
    return texts


def _told(name, values):
    return np.round(values, 0 if name.endswith(WHOLE) else 3)


def _reason(codes, at, points, numbers, minus):
    """["code",points,number,... (bracket left open) where `at` names a code, null elsewhere. Heads come from a table of texts."""
    sign = "-" if minus else ""
    tenths = np.clip(np.round(np.nan_to_num(points) * 10), 0, 1000).astype(np.int32)
    head = _heads(tuple(codes), sign).take(pa.array(np.where(at < 0, 0, at * 1001 + tenths), mask=at < 0))
    return _masked(_present([pc.fill_null(head, ""), *numbers], ","), at >= 0)


@lru_cache
def _heads(codes, sign):
    return pa.array([f'["{code}",{sign if ten else ""}{ten // 10}.{ten % 10}' for code in codes for ten in range(1001)])


def _section(name, slots):
    """ "name":[reason,reason,...], null where there is none."""
    first, *rest = slots
    told = _present([pc.fill_null(first, ""), *rest], "],")
    return _masked(_join(f'"{name}":[', told, "]]"), first.is_valid())


def _floats(column):
    return _flat(column).cast(pa.float64()).to_numpy(zero_copy_only=False)


def _flat(column):
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _pick(names, at):
    return pa.array(list(names)).take(pa.array(np.maximum(at, 0).astype(np.int32), mask=at < 0))


def _quoted(names, at):
    return _pick([f'"{name}"' for name in names], at)


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


def _join(*parts, by=""):
    """Texts end to end; null where any part is."""
    return pc.binary_join_element_wise(*parts, by)


def _present(parts, by):
    """The parts that are not null, end to end. The first must not be null: arrow drops a row in which nothing is left."""
    return pc.binary_join_element_wise(*parts, by, null_handling="skip")


def _masked(texts, valid):
    """The texts where valid, null elsewhere; no text is copied."""
    bits = valid if isinstance(valid, pa.Array) else pa.array(valid)
    _, offsets, data = texts.buffers()
    return pa.StringArray.from_buffers(len(texts), offsets, data, _bitmap(bits), offset=texts.offset)


def _bitmap(bits):
    return pa.array(bits.to_numpy(zero_copy_only=False)).buffers()[1]
