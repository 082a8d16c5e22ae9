"""The relations that figures are counted over, as tables of a DuckDB session: `people`, `bills`, `payments`, `tickets`.

Who is in a report is asked of PostgreSQL, where rights are; all else is read in columns from the lake and joined. Bills and payments are
added up by month, category and kind of unit at once, so that every figure after that reads a few thousand rows.
"""

import datetime as dt
import tempfile

import pyarrow as pa
from django.conf import settings
from django.db import connection
from pyarrow import csv

from crm.tickets.models import Ticket
from segmentation.lake.services import open_tables
from segmentation.lake.store import quoted

MONTHS = 36
TWO_YEARS = 730
RELATIONS = 5  # steps of `prepare`
DEPTHS = (5, 7, 9, 11)  # digits of a unit's code, level by level
TEXT, WHOLE, REAL, MOMENT = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
WORD = pa.dictionary(pa.int32(), pa.string())  # one of a few
MEMBERS = {
    "account_id": ("account_id", WHOLE), "unit_code": ("account__unit__code", TEXT), "unit_kind": ("account__unit__kind", TEXT),
    "category": ("account__category", TEXT), "customer_id": ("account__customer_id", WHOLE), "manager_id": ("account__manager_id", WHOLE),
    "industry": ("account__customer__industry", TEXT), "pv_kw": ("account__pv_kw", REAL), "storage_kwh": ("account__storage_kwh", REAL),
}  # fmt: skip
TICKET_COLUMNS = {
    "account_id": WHOLE, "kind": WORD, "category": WORD, "channel": WORD, "root_cause": WORD, "opened_at": MOMENT,
    "answered_at": MOMENT, "answer_due_at": MOMENT, "closed_at": MOMENT,
    "reopened_count": WHOLE, "satisfaction": WHOLE,
}  # fmt: skip
OF_ACCOUNTS = "market_status, voltage_kv, contract_kva, opened_on, closed_on, has_pv, has_storage, has_captive_plant, has_gas, prepaid"
OF_FEATURES = """revenue_12m_fen, revenue_prev_12m_fen, kwh_12m, kwh_prev_12m, growth, price_change, average_price_fen, max_demand_kw, load_factor,
    capacity_use, power_factor, cv, sharp_share, peak_share, basic_share, adjustment_share, on_time_rate, dues_12m_count, late_count_12m, days_late_mean, arrears_fen,
    arrears_days, old_debt_fen, online_share, tickets_12m, complaints_12m, visits_12m, entitled, contract_days_left, substitutes"""
OF_SCORES = """tier, quadrant, value_score, current_score, potential_score, credit_grade, risk_score, risk_band, risk_outcome,
    usage_state, headline_code"""


def copied(queryset, columns: dict[str, tuple[str, pa.DataType]]) -> pa.Table:
    """Rows of a queryset as columns, without an object a row: PostgreSQL writes CSV, arrow reads it. In the transaction of the caller.
    Moments come in the utility's local time."""
    sql, parameters = queryset.order_by().values_list(*[path for path, _kind in columns.values()]).query.sql_with_params()
    told = ", ".join(f"{name} at time zone '{settings.TIME_ZONE}'" if kind == MOMENT else name for name, (_path, kind) in columns.items())
    kinds = {name: kind for name, (_path, kind) in columns.items()}
    with connection.cursor() as cursor, tempfile.TemporaryFile() as file:  # two million tickets are a quarter of a GiB
        text = cursor.cursor.mogrify(sql, parameters).decode()
        cursor.cursor.copy_expert(f"copy (select {told} from ({text}) found({', '.join(columns)})) to stdout with (format csv)", file)
        if not file.tell():
            return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
        file.seek(0)
        parsing = csv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
        return csv.read_csv(file, read_options=csv.ReadOptions(column_names=list(kinds), use_threads=False), convert_options=parsing)


def prepare(*, session, lake, scope, as_of: dt.date, features: str, scores: str, earlier: str = "", step=lambda: None) -> dict:
    """Make the relations in the session. Says what there is: `{"month", "payments", "tickets", ...}`. `earlier`: scores to compare with. `step` is called
    `RELATIONS` times, once something is there."""
    session.register("members", copied(scope.standings(), MEMBERS))
    step()
    session.execute(f"create or replace temp macro branch_of(code) as code[:{_depth(session)}]")
    tables = open_tables(session=session, lake=lake)
    day = f"date '{as_of}'"
    tier = f"where coalesce(tier, 'unscored') = {quoted(scope.tier)}" if scope.tier else ""
    for name, table in tables.items():
        table.create_view(f"lake_{name}", replace=True)
    session.execute(
        f"""create or replace temp table people as
        select *, branch_of(unit_code) as branch,
            coalesce(opened_on <= {day}, true) and coalesce(closed_on > {day}, true) as is_open,
            coalesce(opened_on <= {day} - interval 1 year, true) and coalesce(closed_on > {day} - interval 1 year, true) as was_open,
            date_diff('day', opened_on, {day}) as opened_ago, date_diff('day', closed_on, {day}) as closed_ago
        from members
        left join (select account_id, {OF_ACCOUNTS} from lake_accounts) using (account_id)
        left join (select account_id, {OF_FEATURES} from read_parquet({quoted(features)}, hive_partitioning = false)) using (account_id)
        left join (select account_id, {OF_SCORES}, {_model(session, scores)} from read_parquet({quoted(scores)}, hive_partitioning = false)) using (account_id)
        left join {_earlier(earlier, scores)} using (account_id) {tier}"""
    )
    step()
    month = session.execute(f"select max(month) from read_parquet({quoted(features)}, hive_partitioning = false)").fetchone()[0]
    _bills(session, day, month)
    step()
    has = {"bills": month is not None, "payments": "payments" in tables}
    _payments(session, day, has["payments"])
    step()
    has["tickets"] = _tickets(session, scope.reader, as_of)
    step()
    return has | {"month": month and month.isoformat()}


def _model(session, scores) -> str:
    """Which trained model scored an account; a run that only warned by rules has no such column, or it is empty."""
    columns = session.execute(f"select * from read_parquet({quoted(scores)}, hive_partitioning = false) limit 0").description
    return "risk_model" if any(column[0] == "risk_model" for column in columns) else "null::bigint as risk_model"


def _earlier(earlier, scores) -> str:
    """The standing before: of the run compared with, else what this run itself started from, of which no money is known."""
    if not earlier:
        return f"(select account_id, previous_tier, null::bigint as earlier_revenue_fen from read_parquet({quoted(scores)}, hive_partitioning = false))"
    return f"(select account_id, tier as previous_tier, revenue_12m_fen as earlier_revenue_fen from read_parquet({quoted(earlier)}, hive_partitioning = false))"


def _depth(session) -> int:
    """How long the codes are of the units a report is divided by: the highest level at which there are two."""
    counted = ", ".join(f"count(distinct unit_code[:{depth}])" for depth in DEPTHS)
    counts = session.execute(f"select {counted} from members").fetchone()
    return next((depth for depth, count in zip(DEPTHS, counts, strict=True) if count > 1), DEPTHS[-1])


def _bills(session, day, month):
    kinds = ("sharp", "peak", "flat", "valley", "deep_valley")
    parts = ("basic", "energy", "adjustment", "funds")
    session.execute(
        f"""create or replace temp table bills as
        select period, date_diff('month', period, date '{month or "1900-01-01"}') as back, category, unit_kind, count(*) as bills,
            sum(kwh) as kwh, {", ".join(f"sum({kind}_kwh) as {kind}_kwh" for kind in kinds)},
            sum(total_fen)::double as total_fen, count(total_fen) as priced_bills, sum(kwh) filter (total_fen is not null) as priced_kwh,
            {", ".join(f"sum({part}_fen)::double as {part}_fen" for part in parts)},
            sum(total_fen) filter (energy_fen is not null)::double as parted_fen,
            sum(adjustment_fen) filter (adjustment_fen > 0)::double as penalty_fen
        from (select * from lake_bills where issued_on <= {day} and period <= date '{month or "1900-01-01"}'
              and period > date '{month or "1900-01-01"}' - interval {MONTHS} month)
        join (select account_id, category, unit_kind from people) using (account_id) group by all"""
    )


def _payments(session, day, known):
    source = "lake_payments" if known else "(select 0 as account_id, null::date as paid_on, 0 as amount_fen, '' as channel where false)"
    session.execute(
        f"""create or replace temp table payments as
        select date_diff('day', paid_on, {day}) // 365 * 365 as days, channel, day(paid_on) as day_of_month, prepaid, category,
            count(*) as payments, sum(amount_fen)::double as amount_fen
        from (select * from {source} where paid_on <= {day} and paid_on > {day} - interval {TWO_YEARS} day)
        join (select account_id, category, prepaid from people) using (account_id) group by all"""
    )


def _tickets(session, reader, as_of) -> bool:
    """Tickets the reader may see, as they stood at the end of the day. False where the utility has none at all."""
    opened = Ticket.objects.visible_to(reader).filter(duplicate_of=None, account__isnull=False)
    end = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    rows = opened.filter(opened_at__date__gt=as_of - dt.timedelta(days=TWO_YEARS), opened_at__date__lte=as_of)
    session.register("raw_tickets", copied(rows, {name: (name, kind) for name, kind in TICKET_COLUMNS.items()}))
    session.execute(
        f"""create or replace temp table tickets as
        select *, date_diff('day', opened_at::date, date '{as_of}') as days, date_diff('month', opened_at, date '{as_of}') as months_ago,
            case when answered then date_diff('minute', opened_at, answered_at) / 60.0 end as answer_hours,
            answer_due_at is not null and (answered or answer_due_at < timestamp '{end}') as promise_known,
            coalesce(answered and answered_at <= answer_due_at, false) as kept
        from (select *, coalesce(answered_at < timestamp '{end}', false) as answered, coalesce(closed_at < timestamp '{end}', false) as closed
              from (select r.account_id, kind, r.category, channel, root_cause, reopened_count, satisfaction, opened_at, answered_at, answer_due_at, closed_at,
                        branch, p.tier
                    from raw_tickets r join people p using (account_id)))"""
    )
    session.unregister("raw_tickets")
    pa.default_memory_pool().release_unused()
    return session.execute("select count(*) from tickets").fetchone()[0] > 0
