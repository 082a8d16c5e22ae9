"""Accounts with years of bills, made by PostgreSQL itself so that a test has thousands in a moment."""

from django.db import connection

FIRST_NUMBER = 7_700_000_000


def bill_accounts(*, accounts: int, months: int, unit_id: int, until: str = "2026-10-01", paid: bool = True):
    """`accounts` accounts of one customer each, with `months` monthly bills up to the month `until`, issued on the 3rd and due on the 20th of
    the month after. Every tenth stops in the last four months; use differs by account and month, always the same."""
    with connection.cursor() as db:
        db.execute(
            """insert into crm_customer (number, kind, name, name_en, industry, phone, address)
            select 'B' || i, 'organisation', '客户' || i, 'Customer ' || i, '', '', '' from generate_series(1, %s) i""",
            [accounts],
        )
        db.execute(
            """insert into crm_account (number, external_id, customer_id, unit_id, category, voltage_kv, contract_kva, billing_mode, market_status,
                retailer, important_grade, has_captive_plant, has_gas, hazard_open, status, opened_on, address, is_synthetic, search_public, search_personal)
            select (%s + substr(number, 2)::bigint)::text, '', id, %s, (array['large_industrial', 'general_commercial'])[1 + id %% 2], 10, 315 + id %% 2000,
                'postpaid', 'agency', '', '', false, false, false, 'active', '2015-05-01', '', true, '', '' from crm_customer where number like 'B%%'""",
            [FIRST_NUMBER, unit_id],
        )
        db.execute(
            """insert into crm_bill (account_id, period, kwh, peak_kwh, max_demand_kw, power_factor, energy_charge, total, issued_on, due_on)
            select a.id, m, kwh, kwh * 0.4, kwh / 400, 0.93, kwh * 0.6, kwh * 0.7, m + interval '1 month 2 days', m + interval '1 month 19 days'
            from (select id, row_number() over (order by id) as n from crm_account where number >= %s::text) a,
                lateral (select m::date, round((case when n %% 10 = 0 and m > %s::date - interval '4 months' then 0 else
                    (1000 + n * 37 %% 50000) * (0.9 + 0.2 * ((n * 31 + extract(month from m)::int * 17) %% 100) / 100.0) end)::numeric, 2) as kwh
                from generate_series(%s::date - (%s - 1) * interval '1 month', %s::date, interval '1 month') m) b""",
            [FIRST_NUMBER, until, until, months, until],
        )
        if paid:
            db.execute(
                """insert into crm_payment (receipt, account_id, paid_on, amount, period, channel)
                select 'B' || account_id || '-' || period, account_id, due_on - 3, total, period, 'bank' from crm_bill where total > 0"""
            )
