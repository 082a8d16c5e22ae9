import pytest

from crm.webhooks import services
from tests.crm.moments import green, log, monday  # noqa: F401
from tests.crm.webhooks.receiver import listening


@pytest.fixture
def partner(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with listening() as receiver:
        yield receiver


@pytest.fixture
def subscribe(partner, administrator, monday):  # noqa: F811
    """`subscribe("ticket.created")`: the partner asks for these kinds, since before Monday nine o'clock."""

    def do(*kinds, **more):
        told = {"name": "Partner", "url": f"{partner.url}/hooks", "kinds": kinds or ["ticket.created"], "by": administrator, "at": monday}
        return services.subscribe(**(told | more))

    return do
