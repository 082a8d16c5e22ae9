"""Candidates among the small accounts, found in columns from what the run in force published."""

import datetime as dt

from django.db import transaction

from crm.accounts.models import Account
from marketing.development.models import Candidate, Finding
from marketing.development.rules import (
    GROWTH_FROM,
    INDUSTRY_FROM,
    INDUSTRY_LETTERS,
    POTENTIAL_FROM,
    RECENT_FROM,
    SMALL_TIERS,
    strength,
)
from segmentation.lake.session import attach_facts, lake, open_session
from segmentation.lake.store import quoted
from segmentation.runs.models import Run

EVIDENCE = (
    "growth", "recent_ratio", "potential_score", "current_score", "capacity_use", "max_demand_kw", "contract_kva", "requests_12m",
    "requests_open", "industry", "industry_growth", "industry_accounts", "kwh_12m", "revenue_12m_fen",
)  # fmt: skip
# `outlook`: how the use of all accounts of an industry together changed against the year before.
FOUND = f"""
with judged as (
    select s.account_id, s.category, s.tier, s.usage_state, s.potential_score, s.current_score, s.revenue_12m_fen, f.growth, f.recent_ratio,
        f.capacity_use, f.max_demand_kw, f.kwh_12m, f.kwh_prev_12m, a.contract_kva::double as contract_kva, a.status,
        nullif(c.industry[1:{INDUSTRY_LETTERS}], '') as industry
    from read_parquet($scores, hive_partitioning = false) s
    join read_parquet($features, hive_partitioning = false) f using (account_id)
    join facts.crm_account a on a.id = s.account_id join facts.crm_customer c on c.id = a.customer_id
), outlook as (
    select industry, sum(kwh_12m) / sum(kwh_prev_12m) - 1 as industry_growth, count(*) as industry_accounts from judged
    where industry is not null and kwh_12m is not null and kwh_prev_12m > 0 group by industry having count(*) >= {INDUSTRY_FROM}
), asked as (
    select account_id, count(*) filter (where opened_at >= $since) as requests_12m, count(*) filter (where closed_at is null) as requests_open
    from facts.crm_ticket where kind = 'service' and account_id is not null and duplicate_of_id is null and opened_at < $past group by account_id
)
select account_id, {", ".join(f"coalesce({name}, 0)" if name.startswith("requests") else name for name in EVIDENCE)}
from judged left join outlook using (industry) left join asked using (account_id)
where category <> 'residential' and status = 'active' and tier in {SMALL_TIERS} and usage_state in ('active', 'new')
    and potential_score >= {POTENTIAL_FROM} and growth >= {GROWTH_FROM} and recent_ratio >= {RECENT_FROM}
order by account_id
"""


def find(*, run: Run) -> list[tuple[int, dict]]:
    """[(account, evidence)] of the accounts a run shows growing large. Empty where the run's files are gone."""
    where, number = lake(), run.restores_id or run.pk
    paths = {kind: where.of_run(kind, number) for kind in ("scores", "features")}
    with open_session(of=where) as session:
        if not all(where.has(session, path) for path in paths.values()):
            return []
        attach_facts(session)
        past = run.as_of + dt.timedelta(days=1)
        query = FOUND.replace("$since", _day(past - dt.timedelta(days=365))).replace("$past", _day(past))
        for kind, path in paths.items():
            query = query.replace(f"${kind}", quoted(path))
        rows = session.execute(query).fetchall()
    return [(account, dict(zip(EVIDENCE, values, strict=True))) for account, *values in rows]


def _day(day):
    return f"timestamptz '{day.isoformat()}'"


@transaction.atomic
def refresh(*, at) -> int | None:
    """Replace the candidates when another run came in force; how many there are, None where nothing was to do. Safe to run twice."""
    run = Run.objects.select_for_update().filter(in_force=True).first()
    if run is None or Finding.objects.filter(run=run).exists():
        return None
    found = find(run=run)
    known = set(Account.objects.filter(pk__any_of=[account for account, _evidence in found]).values_list("pk", flat=True))
    Candidate.objects.all().delete()
    rows = [
        Candidate(account_id=account, run=run, strength=strength(evidence), evidence=evidence)
        for account, evidence in found
        if account in known
    ]
    Candidate.objects.bulk_create(rows, batch_size=2000)
    Finding.objects.all().delete()
    Finding.objects.create(run=run, at=at, found=len(rows))
    return len(rows)
