import datetime as dt
import json

import pytest
from django.utils import timezone

from crm.telephony import services
from crm.webhooks import signing


@pytest.fixture
def pbx(administrator):
    return services.connect(code="pbx", name="Call centre", by=administrator, at=timezone.now())


@pytest.fixture
def line(agent, administrator):
    """Lina's telephone."""
    return services.give_line(code="8001", person=agent, by=administrator)


@pytest.fixture
def tell(client, pbx):
    """`tell(call_id="a", caller="…", agent="8001")`: what the telephone system posts; `secret`, `ago` and `headers` make it lie."""

    def post(*, secret=None, ago=dt.timedelta(0), headers=None, body=None, **told):
        now = timezone.now() - ago
        body = json.dumps({"call_id": "a", "caller": "", "agent": "8001"} | told) if body is None else body
        seal = signing.sign(secret or pbx.secrets(now)[0], message_id="m1", timestamp=int(now.timestamp()), body=body.encode())
        sent = {"X-Integration": "pbx", "webhook-id": "m1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": seal}
        return client.post("/api/v1/cti/calls", body, content_type="application/json", headers=sent | (headers or {}))

    return post
