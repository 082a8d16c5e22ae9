"""Weekly consumption of anonymous clients: months of kWh without money, and an account for each series that has none.

A series gets the account whose identifier at the source is its name; where there is none, one is made with the number
`99` and the digits of the name filled up to eight: series T300 is account 9900000300. Nothing else about it is invented.
"""

import re
from itertools import islice

import numpy as np
from django.utils.translation import gettext_lazy as _

from crm.accounts import services as accounts
from crm.accounts.models import Account
from crm.billing.models import Bill
from crm.changes import services as changes
from crm.customers.models import Customer
from crm.imports import fields, landing, staging
from crm.imports.fields import Field
from crm.imports.formats import tsf_file
from crm.imports.kinds.kind import Kind
from crm.imports.kinds.weeks import monthly_kwh
from crm.imports.problems import FileProblem, Problem
from crm.imports.reading import Chunk, Reading
from crm.people.models import Unit

NUMBER_PREFIX, NUMBER_DIGITS = "99", 8
SERIES_A_CHUNK = 100
UCI = "electricityloaddiagrams"

FIELDS = (
    Field("series", _("Series"), ("series_name",), fields.text(40), required=True, example="T300"),
    Field("customer_name", _("Customer"), (), fields.text(200), required=True),
    Field("account", _("Account number"), (), fields.account_number, required=True),
    Field("period", _("Month"), ("start_timestamp",), fields.month, "date", required=True),
    Field("kwh", _("kWh"), ("values",), fields.number(16, 2, least=0), "numeric(16,2)", required=True),
)
# The account of a series: by its identifier at the source, else by the number we would give it.
MATCHED = f"""{staging.STAGE} s left join lateral (select id, number from crm_account where external_id = s.series or number = s.account
    order by external_id = s.series desc, number = s.account desc, id limit 1) a on true"""


def read(path, name):
    source = tsf_file.read(path, name)
    if source.frequency != "weekly":
        raise FileProblem("not_weekly", frequency=source.frequency or "?")
    is_uci = UCI in source.comments.casefold()
    partial: dict = {}
    reading = Reading(
        fields=list(FIELDS),
        chunks=_chunks(source, "UCI" if is_uci else source.relation, partial),
        expected_rows=0,
        mapping=[
            {"header": "series_name", "field": "series"},
            {"header": "start_timestamp", "field": "period"},
            {"header": "values", "field": "kwh"},
        ],
        about={"relation": source.relation, "series": source.line_count},
        notes=[{"code": "licence_uci" if is_uci else "licence_unknown", "params": {}}, {"code": "weekly_split", "params": {}}],
    )
    reading.chunks = _with_note(reading.chunks, reading.notes, partial)
    return reading


def _with_note(chunks, notes, partial):
    """Which months were left out is known when the last series is read."""
    yield from chunks
    if partial:
        months = [f"{month:%Y-%m} ({days} d)" for month, days in sorted(partial.items())]
        notes.append({"code": "incomplete_months", "params": {"months": months}})


def _chunks(source, label, partial):
    seen: dict[str, int] = {}
    while batch := list(islice(source.lines, SERIES_A_CHUNK)):
        chunk = Chunk(rows=[], problems=[], count=0)
        for line, name, starts_on, values in batch:
            _one_series(chunk, label, partial, seen, line, name, starts_on, values)
        yield chunk


def _one_series(chunk, label, partial, seen, line, name, starts_on, values):
    digits = re.sub(r"\D", "", name)
    weekly, problem = _numbers(line, values)
    if not digits or len(digits) > NUMBER_DIGITS:
        problem = Problem(line, "series", name, "no_series_number")
    elif starts_on is None:
        problem = Problem(line, "period", name, "bad_start")
    elif seen.setdefault(name, line) != line:
        problem = Problem(line, "series", name, "duplicate", {"first": seen[name]})
    if problem:
        chunk.problems.append(problem)
        chunk.count += 1
        return
    complete, incomplete = monthly_kwh(starts_on, weekly)
    for month, days in incomplete:
        partial[month] = min(days, partial.get(month, days))
    number, customer = f"{NUMBER_PREFIX}{digits:0>{NUMBER_DIGITS}}", f"{label} {name}".strip()
    chunk.rows.extend((line, name, customer, number, month.isoformat(), f"{kwh:.2f}") for month, kwh in complete)
    chunk.count += len(complete)


def _numbers(line, values):
    """Weekly kWh as floats, `?` as unknown; or the first value that is no amount of energy."""
    try:
        weekly = np.array([float("nan") if value.strip() == "?" else float(value) for value in values])
    except ValueError:
        weekly = None
    if weekly is None or not weekly.size or np.isinf(weekly).any():
        wrong = next((value for value in values if not fields.NUMBER.fullmatch(value.strip())), "")
        return None, Problem(line, "kwh", wrong, "not_a_number" if wrong else "required")
    if (weekly < 0).any():
        return None, Problem(line, "kwh", values[int(np.argmax(weekly < 0))], "too_small", {"least": "0"})
    return weekly, None


def _check(load):
    if not _unit_id(load):
        raise FileProblem("no_unit")
    taken = f"""(select distinct on (row_number) * from {staging.STAGE} order by row_number) s join crm_account a on a.number = s.account
        where a.external_id <> s.series and not exists (select from crm_account where external_id = s.series)"""
    staging.complain(code="external_id_elsewhere", field="series", rows=taken, params="jsonb_build_object('number', a.number)")


def _unit_id(load):
    """The unit chosen, else the root of the tree."""
    return load.unit_id or Unit.objects.filter(parent=None).order_by("code").values_list("id", flat=True).first()


def _target():
    return landing.Target(
        model=Bill,
        key={"account_id": "a.id", "period": "s.period"},
        source=MATCHED,
        month="period",
        columns=[
            landing.Column("kwh", "s.kwh"),
            landing.Column("issued_on", "coalesce(t.issued_on, (s.period + interval '1 month' - interval '1 day')::date)"),
        ],
    )


def _judge(load):
    new = staging.run(f"select count(distinct s.series) from {MATCHED} where a.id is null")[0][0]
    if new:
        load.notes.append({"code": "accounts_created", "params": {"count": new}})
    return landing.judge(_target())


def _land(load):
    _create_accounts(load)
    landing.judge(_target())
    changes.touch(table="bills", periods=landing.land(_target(), constants={"batch_id": landing.literal(load.batch_id)}))


def _create_accounts(load):
    new = staging.run(f"select distinct s.series, s.account, s.customer_name from {MATCHED} where a.id is null order by s.account")
    customers = Customer.objects.bulk_create([Customer(number=f"C{number}", name=name, name_en=name) for _series, number, name in new])
    unit_id = _unit_id(load)
    Account.objects.bulk_create(
        Account(number=number, external_id=series, customer=customer, unit_id=unit_id, category=Account.Category.OTHER)
        for (series, number, _name), customer in zip(new, customers, strict=True)
    )
    accounts.refresh_search(accounts=Account.objects.filter(number__in=[number for _series, number, _name in new]).order_by())


KIND = Kind(
    name="consumption",
    fields=FIELDS,
    key=("account", "period"),
    check=_check,
    judge=_judge,
    land=_land,
    extensions=tsf_file.EXTENSIONS,
    reader=read,
    original_reader=tsf_file.originals,
)
