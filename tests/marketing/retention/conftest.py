import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from marketing.retention.services import plans, trials
from segmentation.runs.models import Run, Standing


@pytest.fixture
def run(db):
    return Run.objects.create(as_of=timezone.localdate(), state="published", in_force=True, asked_at=timezone.now())


@pytest.fixture
def stand(run):
    """`stand(account, risk_band="high")`: where the run in force has put it."""

    def put(account, **values):
        defaults = {
            "run": run, "tier": "gold", "risk_band": "high", "risk_score": 80, "risk_outcome": "switched", "revenue_12m_fen": 100_000_00,
            "kwh_12m": 1e6, "usage_state": "active",
        }  # fmt: skip
        return Standing.objects.update_or_create(account=account, defaults=defaults | values)[0]

    return put


@pytest.fixture
def at_risk(account, stand):
    """Anna's account, gold, at high risk of changing supplier."""
    stand(account)
    return account


@pytest.fixture
def plan(at_risk, manager, now, calendar_for_today):
    return plans.start(account=at_risk, by=manager, at=now)


@pytest.fixture
def open_trial(analyst, now):
    def made(**values):
        terms = trials.Terms(**{"name": "Spring", "share": Decimal("0.2"), "seed": 7, "ethics": "Nobody loses a service."} | values)
        at = values.pop("at", now - dt.timedelta(seconds=1))
        return trials.open_trial(terms=terms, by=analyst, at=at)

    return made
