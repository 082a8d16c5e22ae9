import pytest
from django.utils import timezone

from segmentation.policies import services as policies
from segmentation.policies.models import Policy
from segmentation.studio import services
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER, _own_lake, billed, recomputed  # noqa: F401  the same small utility


@pytest.fixture
def two_runs(billed, recomputed):  # noqa: F811
    """300 accounts judged in October and in November."""
    return recomputed(OCTOBER), recomputed(NOVEMBER)


@pytest.fixture
def bell(monkeypatch):
    """Simulations a worker was told of."""
    from segmentation.studio import tasks

    told = []
    monkeypatch.setattr(tasks.simulate, "delay", told.append)
    return told


@pytest.fixture
def drafted(analyst):
    """`drafted("value", margin=3.0)`: a draft of other numbers."""

    def make(kind, **numbers):
        draft = policies.draft(source=Policy.objects.get(kind=kind, version=1), by=analyst)
        return policies.edit(policy=draft, body=draft.body | numbers, note="", by=analyst)

    return make


@pytest.fixture
def simulated(analyst):
    """`simulated(policy)`: what a worker leaves."""

    def work(policy):
        asked = services.ask(policy=policy, by=analyst, at=timezone.now())
        return services.work(simulation_id=asked.pk, clock=timezone.now)

    return work
