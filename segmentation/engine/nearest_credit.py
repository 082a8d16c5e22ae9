"""What would move one account's credit grade: changed facts of the account, rated by the same rules as a run, the smallest that does it."""

import datetime as dt

import duckdb
import narwhals as nw
import pyarrow as pa

from . import credit
from .policy import GRADES, UNRATED, CreditPolicy

MORE_LATE = range(1, 13)
OVERDUE_DAYS = (1, 31, 61, 91, 121)
PAID = {"arrears_fen": 0, "arrears_days": None, "debt_months": 0, "old_debt_fen": 0}


def of_grade(row: pa.Table, previous_grade: str | None, as_of: dt.date, policy: CreditPolicy) -> dict:
    """`row`: the kept features of one account. {score, grade, rise, fall, bars}: rise and fall are {to, code, number} or None where nothing
    that is paid or not paid does it; `bars` names what forces or bars a grade now."""
    better, worse = _better(row), _worse(row)
    rated = _rate(row, [{}, *[it[2] for it in (*better, *worse)]], previous_grade, as_of, policy)
    now, after = rated[0], rated[1:]
    barred = [code for code, *_ in credit.bars(policy, as_of) if now[f"credit_{code}"] > 0]
    return {
        "score": now["credit_score"], "grade": now["credit_grade"], "bars": barred,
        "rise": _first(better, after[: len(better)], now["credit_grade"], up=True),
        "fall": _first(worse, after[len(better) :], now["credit_grade"], up=False),
    }  # fmt: skip


def _better(row):
    """(code, number, changed facts) from the smallest to the greatest."""
    late, owes = row["late_count_12m"][0].as_py() or 0, (row["arrears_fen"][0].as_py() or 0) > 0
    fewer = [_fewer(late, many) for many in range(1, late + 1)]
    paid = [("pay", row["arrears_fen"][0].as_py(), PAID)] if owes or (row["old_debt_fen"][0].as_py() or 0) > 0 else []
    both = [("pay_and_fewer", many, facts | PAID) for _code, many, facts in fewer] if paid else []
    return [*paid, *fewer, *both]


def _fewer(late, many):
    facts = {"late_count_12m": late - many}
    return "fewer_late", many, facts if late > many else facts | {"days_late_mean": None}


def _worse(row):
    late, owes = row["late_count_12m"][0].as_py() or 0, row["arrears_days"][0].as_py() or 0
    slow = row["days_late_mean"][0].as_py() or 1.0
    more = [("more_late", many, {"late_count_12m": late + many, "days_late_mean": slow}) for many in MORE_LATE]
    fen = max(row["arrears_fen"][0].as_py() or 0, 1)
    debt = [("overdue", days, {"arrears_fen": fen, "arrears_days": days}) for days in OVERDUE_DAYS if days > owes]
    return [*more, *debt]


def _rate(row, variants, previous_grade, as_of, policy):
    """Each variant of the account's facts, rated as a run would."""
    table = pa.concat_tables([_changed(row, facts) for facts in variants])
    table = table.append_column("previous_grade", pa.array([previous_grade] * table.num_rows, pa.string()))
    table = table.append_column("variant", pa.array(range(table.num_rows), pa.int64()))
    frame = credit.rate(nw.from_native(duckdb.connect().from_arrow(table)), policy, as_of)
    return sorted(frame.collect("pyarrow").to_native().to_pylist(), key=lambda it: it["variant"])


def _changed(row, facts):
    for name, value in facts.items():
        place = row.column_names.index(name)
        row = row.set_column(place, row.schema.field(place), pa.array([value], row.schema.field(place).type))
    return row


def _first(variants, rated, grade, *, up):
    if grade == UNRATED:
        return None
    for (code, number, _facts), after in zip(variants, rated, strict=True):
        to = after["credit_grade"]
        if to in GRADES and (GRADES.index(to) < GRADES.index(grade) if up else GRADES.index(to) > GRADES.index(grade)):
            return {"to": to, "code": code, "number": number, "score": after["credit_score"]}
    return None
