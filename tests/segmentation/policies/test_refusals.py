"""What the engine refuses of the numbers on the page is said in the reader's language, not as the engine's keys."""

import re

import pytest
from django.utils.translation import override

from crm.people.errors import Refused
from segmentation.engine.policy import Policy
from segmentation.policies.services import check

WRONG = {
    "value": [
        {"current_share": 0},
        {"winsor": 0.6},
        {"runs": 0},
        {"shares": {"default": dict.fromkeys(("diamond", "platinum", "gold", "silver"), 0.5)}},
    ],
    "credit": [{"b_from": 95}, {"start": 20}],
    "warning": [
        {"bands": {"watch": 50, "elevated": 40, "high": 65}},
        {"stopped": 5},
        {"returned": 100},
        {"complaints": {"points": 140, "starts": 0, "full": 4}},
    ],
}


@pytest.mark.parametrize(("kind", "change"), [(kind, change) for kind, changes in WRONG.items() for change in changes])
def test_a_refused_number_is_explained_in_chinese(kind, change):
    body = Policy().to_dict()[kind]
    with override("zh-hans"), pytest.raises(Refused) as refused:
        check(kind=kind, body={**body, **change})
    assert not re.search(r"[a-z]{2}", str(refused.value)), str(refused.value)
    assert "。" in str(refused.value)
