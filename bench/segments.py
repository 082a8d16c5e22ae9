"""The count while somebody builds a rule, as a request of the page; and finding the members of a saved segment."""

import json
import time

from bench.figures import Figure
from bench.load import percentile

LIVE_MS = 300  # at 100k accounts
TIMES = 15
RULES = {
    "one condition": {"field": "tier", "is": "in", "value": ["gold"]},
    "nested, features, scores and facts": {
        "all": [
            {"field": "tier", "is": "in", "value": ["gold", "silver", "standard"]},
            {"any": [
                {"field": "growth", "is": "over", "value": 10},
                {"all": [{"field": "capacity_use", "is": "between", "value": [40, 95]}, {"field": "late_count_12m", "is": "at_most", "value": 1}]},
            ]},
            {"not": {"any": [{"field": "category", "is": "in", "value": ["residential"]}, {"field": "has_pv", "is": "yes"}]}},
            {"field": "contract_kva", "is": "known"},
        ]
    },
}  # fmt: skip


def counted_live(world):
    """p95 of the page's own request, by who sees everything and by the supervisor who sees most; wall and processor time."""
    from django.test import Client
    from django.urls import reverse

    from crm.accounts.models import Account
    from crm.people.models import User

    people = [User.objects.filter(role="analyst").first()]
    supervisors = User.objects.filter(role="supervisor", is_active=True)
    people.append(max(supervisors, key=lambda person: Account.objects.visible_to(person).count()))
    for person in people:
        client = Client()
        client.force_login(person)
        sees = Account.objects.visible_to(person).count()
        for name, rule in RULES.items():
            took, spent = [], []
            for turn in range(TIMES + 1):
                began, processor = time.perf_counter(), time.process_time()
                page = client.post(reverse("segmentation:segment-count"), {"rule": json.dumps(rule)})
                assert b"data-live-number" in page.content, page.content[:300]
                if turn:  # the first opens the session
                    took.append(1000 * (time.perf_counter() - began))
                    spent.append(1000 * (time.process_time() - processor))
            limit = LIVE_MS if world.accounts <= 100_000 else None
            note = f"{person.role} who sees {sees:,}; processor {percentile(spent, 0.5):.0f} ms"
            yield Figure(f"live count, {name}, p95", percentile(took, 0.95), "ms", limit, note=note)
    yield from _saved(people[0])


def _saved(analyst):
    """A segment of most accounts, saved and found anew."""
    from django.utils import timezone

    from segmentation.segments import services
    from segmentation.segments.models import Segment

    began = time.perf_counter()
    rule = {"field": "kwh_12m", "is": "known"}
    segment = services.create(name="Bench", rule=rule, kind="living", shared=False, by=analyst, at=timezone.now())
    yield Figure("segment saved with its members", time.perf_counter() - began, "s", note=f"{segment.members.count():,} members")
    Segment.objects.filter(pk=segment.pk).update(run=None)
    began = time.perf_counter()
    services.refresh(at=timezone.now())
    yield Figure("segment found anew, nothing moved", time.perf_counter() - began, "s")
    services.remove(segment=segment, by=analyst)


MEASURES = [counted_live]
