"""The plain way, beside ours on the same accounts: the ORM reads the facts, pandas judges value, the ORM writes the scores.

Written as a good Django developer would: columns only, one query a table, `iterator`, no loop over rows in pandas, an upsert in batches.
It judges value alone (no credit, no early warning, no reasons, no features but the nine indicators), and its scores must be ours.
"""

import datetime as dt
import gc
import time

from bench.figures import Figure
from bench.judging import recompute, took_by
from bench.months import judged_on, last_billed

BATCH = 2000


def beside(world):
    """Seconds of the plain way and of ours, their ratio, and how far the scores lie apart."""
    ours = getattr(world, "warm", None) or recompute(world, judged_on())[1]  # the run that judged the same facts just before
    from django.db import connection

    reading, judging, writing, scores = _plainly()
    with connection.cursor() as cursor:
        cursor.execute("vacuum segmentation_standing")  # what it wrote and took back is no load for what is measured next
    connection.close()
    plain = reading + judging + writing
    took = took_by(ours)
    note = f"value alone: {reading:.0f} s to read, {judging:.0f} s pandas, {writing:.0f} s to write"
    yield Figure("plain way (pandas and ORM)", plain, "s", note=note)
    yield Figure("ours, all judgements", took, "s", note=f"{ours['counts']['accounts']:,} accounts, published")
    yield Figure("plain way over ours", plain / took, "times", 2, at_least=True)
    yield Figure("largest difference of a score", _apart(world, ours["run"], scores), "points", 1e-9, note="value, current, potential")


def _plainly():
    import django.db

    gc.disable()  # in its favour: among a million objects the collector finds nothing and takes a quarter of the time
    try:
        began = time.perf_counter()
        accounts, bills, payments = _read()
        read = time.perf_counter()
        scores = _value(accounts, bills, payments)
        judged = time.perf_counter()
        with django.db.transaction.atomic():
            _write(scores)
            django.db.transaction.set_rollback(True)  # ours stay in force
        return read - began, judged - read, time.perf_counter() - judged, scores
    finally:
        gc.enable()


def _read():
    import pandas as pd
    from django.db.models import FloatField, Q
    from django.db.models.functions import Cast

    from crm.accounts.models import Account
    from crm.billing.models import Bill, Payment

    day, last = judged_on(), pd.Timestamp(last_billed())
    first = (last - pd.DateOffset(months=23)).date()

    def frame(rows, *names, decimals=()):
        """Decimals as the floats that pandas would make of them: PostgreSQL is quicker at it than Python."""
        found = rows.order_by().values_list(*names, *(Cast(name, FloatField()) for name in decimals)).iterator(chunk_size=50_000)
        return pd.DataFrame.from_records(found, columns=[*names, *decimals])

    known = Account.objects.filter(Q(opened_on=None) | Q(opened_on__lte=day))
    accounts = frame(known, "id", "category", "closed_on", decimals=["contract_kva"])

    def numbered(table):
        """Dates as day numbers, months as months ago: few are different, and each of these is worked out once."""
        table["ago"] = _each_once(table.pop("period"), lambda day: (last.year - day.year) * 12 + last.month - day.month)
        for name in {"due_on", "paid_on"} & set(table.columns):
            table[name] = _each_once(table[name], dt.date.toordinal)
        return table

    billed = Bill.objects.filter(period__gte=first, period__lte=last.date(), issued_on__lte=day)
    bills = numbered(frame(billed, "account_id", "period", "due_on", decimals=["kwh", "total", "max_demand_kw"]))
    paid = Payment.objects.filter(period__gte=first, period__lte=last.date(), paid_on__lte=day)
    return accounts, bills, numbered(frame(paid, "account_id", "period", "paid_on", decimals=["amount"]))


def _each_once(column, number_of):
    """The number of each date of a column; nan where there is none."""
    import numpy as np

    places, different = column.factorize()
    return np.append([float(number_of(day)) for day in different], np.nan)[places]


def _value(accounts, bills, payments):
    """A frame by account: value, current, potential; nan where unscored."""
    import numpy as np
    import pandas as pd

    from segmentation.engine.policy import Policy
    from segmentation.engine.weights import ahp

    policy = Policy().value
    facts = _indicators(accounts, bills, payments)
    mantissa, exponent = np.frexp(facts.to_numpy(float))
    facts[:] = np.ldexp(np.round(mantissa * 2.0**30) / 2.0**30, exponent)  # nine digits: sums in another order must not break ties
    closed = pd.to_datetime(accounts.set_index("id")["closed_on"]) <= pd.Timestamp(judged_on())
    facts = facts[facts["kwh_12m"].notna() & ~closed]
    category = accounts.set_index("id")["category"].reindex(facts.index)
    assert category.value_counts().min() >= policy.min_peers
    scaled = pd.DataFrame(index=facts.index)
    for it in policy.indicators:
        by = facts[it.feature].groupby(category)
        place = (by.rank() - 0.5) / by.transform("count")
        place = place if it.better == "high" else 1 - place
        scaled[it.feature] = ((place - policy.winsor) / (1 - 2 * policy.winsor)).clip(0, 1) * 100
    out, whole, weight = pd.DataFrame(index=facts.index), 0.0, 0.0
    for group, share in (("current", policy.current_share), ("potential", 1 - policy.current_share)):
        names = [policy.indicators[place].feature for place in policy.of_group(group)]
        weights = scaled[names].notna() * ahp(policy.pairwise[group])[0]
        have = weights.sum(axis=1)
        out[group] = (weights * scaled[names]).sum(axis=1) / have.where(have > 0)
        whole = whole + (out[group] * share).fillna(0.0)
        weight = weight + share * (have > 0)
    out["value"] = whole / weight
    return out.round(1)


def _indicators(accounts, bills, payments):
    import numpy as np
    import pandas as pd

    kwh = bills.pivot(index="account_id", columns="ago", values="kwh").reindex(columns=range(24))
    year, before = kwh[list(range(12))], kwh[list(range(12, 24))]
    recent = bills[bills["ago"] < 12]
    by = recent.groupby("account_id")
    priced = recent[recent["total"].notna()].groupby("account_id")
    out = pd.DataFrame(index=accounts["id"])
    out["kwh_12m"] = year.sum(axis=1, min_count=1).round(3)
    out["revenue_12m_fen"] = (by["total"].sum(min_count=1) * 100).round()
    out["average_price_fen"] = priced["total"].sum() * 100 / priced["kwh"].sum().where(lambda used: used > 0)
    mean = (year.sum(axis=1, min_count=12) / 12).where(lambda used: used > 0)
    out["cv"] = np.sqrt((year.sub(mean, axis=0) ** 2).sum(axis=1, min_count=12) / 12) / mean
    out["late_count_12m"] = _late(recent, payments)
    whole = before.sum(axis=1, min_count=12)
    out["growth"] = year.sum(axis=1, min_count=12) / whole.where(whole > 0) - 1
    kva = accounts.set_index("id")["contract_kva"]
    out["contract_kva"] = kva
    out["capacity_use"] = by["max_demand_kw"].max() / kva.where(kva > 0)
    ratios = [kwh[ago] / kwh[ago + 12].where(kwh[ago + 12] > 0) * (2.5 - ago) for ago in range(6)]
    out["trend"] = sum(ratios) / 17.5
    return out


def _late(recent, payments):
    """Bills of 12 months paid late or overdue; nan where none fell due."""
    import pandas as pd

    day = judged_on().toordinal()
    paid = payments.groupby(["account_id", "ago"]).agg(paid=("amount", "sum"), last=("paid_on", "max"))
    dues = recent[recent["due_on"].notna() & recent["total"].notna()].join(paid, on=["account_id", "ago"])
    due, last = dues["due_on"], dues["last"]
    settled = dues["total"] <= dues["paid"].fillna(0.0) + 0.001
    judged = settled | (due < day)
    late = judged & (last.where(settled).fillna(day) > due)
    counted = pd.DataFrame({"account_id": dues["account_id"], "judged": judged, "late": late}).groupby("account_id").sum()
    return counted["late"].where(counted["judged"] > 0)


def _write(scores):
    from segmentation.runs.models import Standing

    def shown(value):
        return None if value != value else value

    rows = [
        Standing(account_id=account, value_score=shown(value), current_score=shown(current), potential_score=shown(potential))
        for account, current, potential, value in scores[["current", "potential", "value"]].itertuples()
    ]
    fields = ["value_score", "current_score", "potential_score"]
    Standing.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["account"], update_fields=fields)


def _apart(world, run, scores):
    """The largest difference from the scores our run left in the lake; one scored here and not there counts as 100."""
    import pandas as pd

    path = world.folder / "lake" / "scores" / f"run={run}" / "part.parquet"
    columns = {"value_score": "value", "current_score": "current", "potential_score": "potential"}
    ours = pd.read_parquet(path, columns=["account_id", *columns]).set_index("account_id").rename(columns=columns)
    both = scores.reindex(ours.index)[list(columns.values())]
    if (both.isna() != ours.isna()).any().any():
        return 100.0
    return float((both - ours).abs().max().max())
