"""How each table of the engine's contract is read from PostgreSQL, in DuckDB's SQL over the attached catalogue `facts`.

Names, order and units are `segmentation.engine.tables`'; a test compares them. Money becomes integer fen, timestamps lose their zone in
the utility's local time, and an unknown stays null.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True)
class Source:
    """`query` reads the table; rows are cut into months by the column `moment` (null: no months); `order` breaks every tie. `beside`: other
    tables that the query reads."""

    query: str
    order: str
    table: str = ""
    beside: tuple[str, ...] = ()
    moment: str = ""
    is_timestamp: bool = False

    def between(self, first: dt.date, past: dt.date) -> str:
        """The rows from the day `first` to before the day `past`."""
        low, high = self._bound(first), self._bound(past)
        return f"{self.query} and {self.moment} >= {low} and {self.moment} < {high}"

    def month_of_row(self) -> str:
        local = f"timezone('{settings.TIME_ZONE}', {self.moment})" if self.is_timestamp else self.moment
        return f"date_trunc('month', {local})::date"

    def month_in_lake(self) -> str:
        """The month of a row of the lake, where moments are local already."""
        return f"date_trunc('month', {self.moment})::date"

    @property
    def ties(self) -> str:
        """The column that breaks ties and is not kept in the lake."""
        return "id" if self.order.endswith(", id") else ""

    def _bound(self, day):
        if not self.is_timestamp:
            return f"date '{day}'"
        midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))
        return f"timestamptz '{midnight.isoformat()}'"


def _fen(column, name):
    return f"({column} * 100)::bigint as {name}"


def _kwh(*columns):
    return ", ".join(f"{column}::double as {column}" for column in columns)


BILLS = Source(
    table="crm_bill",
    moment="period",
    order="account_id, period",
    query=f"""select account_id, period,
        {_kwh("kwh", "sharp_kwh", "peak_kwh", "flat_kwh", "valley_kwh", "deep_valley_kwh", "max_demand_kw", "kvarh")},
        power_factor::double as power_factor, {_fen("basic_charge", "basic_fen")}, {_fen("energy_charge", "energy_fen")},
        {_fen("adjustment", "adjustment_fen")}, {_fen("funds", "funds_fen")}, {_fen("total", "total_fen")}, issued_on, due_on,
        day(last_day(period)) as days_in_period
        from facts.crm_bill where true""",
)
PAYMENTS = Source(
    table="crm_payment",
    moment="paid_on",
    order="account_id, paid_on, id",
    query=f"select account_id, paid_on, {_fen('amount', 'amount_fen')}, period, channel, id from facts.crm_payment where true",
)
TICKETS = Source(
    table="crm_ticket",
    moment="opened_at",
    is_timestamp=True,
    order="account_id, opened_at, id",
    query="""select account_id, kind, category, severity, opened_at, answered_at, closed_at,
        reopened_count::bigint as reopened, satisfaction::bigint as satisfaction, id
        from facts.crm_ticket where account_id is not null and duplicate_of_id is null""",
)
ENGAGEMENT = Source(
    table="crm_engagement",
    moment="happened_on",
    order="account_id, happened_on, id",
    query="select account_id, kind, happened_on, id from facts.crm_engagement where cancelled_at is null",
)
ACCOUNTS = Source(
    table="crm_account",
    beside=("crm_unit",),
    order="account_id",
    query="""select a.id as account_id, a.number, a.category, u.code as unit_code, a.market_status, a.important_grade, a.status,
        a.voltage_kv::double as voltage_kv, a.contract_kva::double as contract_kva, a.opened_on, a.closed_on, a.contract_ends_on,
        coalesce(a.pv_kw, 0) > 0 as has_pv, coalesce(a.storage_kwh, 0) > 0 as has_storage, a.has_captive_plant, a.has_gas,
        a.billing_mode = 'prepaid' as prepaid, a.theft_found_on as theft_on, a.hazard_open, null::boolean as debt_plan_signed
        from facts.crm_account a join facts.crm_unit u on u.id = a.unit_id""",
)
ENTITLEMENTS = Source(
    table="crm_entitlement",
    order="account_id, starts_on",
    # A revoked green channel ended the day it was revoked; one revoked before it began never stood.
    query="""select account_id, starts_on, least(ends_on, coalesce(revoked_at::date, ends_on)) as ends_on
        from facts.crm_entitlement where revoked_at is null or revoked_at::date >= starts_on""",
)
CHANGES = Source(
    table="crm_accountchange",
    order="account_id, field, happened_on",
    query="select account_id, field, old, new, happened_on from facts.crm_accountchange",
)
MONTHLY = {"bills": BILLS, "payments": PAYMENTS, "tickets": TICKETS, "engagement": ENGAGEMENT}
WHOLE_TABLES = {"accounts": ACCOUNTS, "entitlements": ENTITLEMENTS, "changes": CHANGES}


def local_moments(columns) -> str:
    """A select list in which timestamps lose their zone, in the utility's time."""
    return ", ".join(
        f"timezone('{settings.TIME_ZONE}', {name}) as {name}" if name in ("opened_at", "answered_at", "closed_at") else name
        for name in columns
    )
