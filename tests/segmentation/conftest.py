import datetime as dt

import pytest

from segmentation.runs.models import Change, Run, Standing


@pytest.fixture
def run(db):
    return Run.objects.create(
        as_of=dt.date(2026, 10, 31), state="published", in_force=True, asked_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    )


@pytest.fixture
def stand(run):
    """Put an account where the test wants it: `stand(account, tier="gold", value_score=61)`."""

    def put(account, **values):
        defaults = {"run": run, "tier": "standard", "value_score": 40, "risk_band": "low", "risk_score": 5, "revenue_12m_fen": 1_000_000}
        return Standing.objects.update_or_create(account=account, defaults=defaults | values)[0]

    return put


@pytest.fixture
def move(run):
    def record(account, before, after):
        return Change.objects.create(run=run, account=account, tier_from=before, tier_to=after)

    return record
