"""Rules tried on the tickets of last month before they are saved: nothing is written."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from django.utils import timezone

from crm.people.models import User
from crm.routing.cases import cases_of
from crm.routing.models import Rota
from crm.routing.staff import router_on, rules_in_force
from crm.tickets.models import Ticket

MONTH = dt.timedelta(days=30)
AT_MOST = 5000
SHOWN_PEOPLE = 20
SHOWN_EXAMPLES = 8


@dataclass
class DryRun:
    """`tickets` tried of `since`; `more`: there were more, the latest were taken. `taken`: how many the tried rule took, `differ`: how many
    of all would be with somebody else than they are. `people`: `[(person or None, would get, has now)]`; `examples`: `[(ticket, to)]`."""

    since: dt.datetime
    tickets: int = 0
    more: bool = False
    taken: int = 0
    differ: int = 0
    rules: list = field(default_factory=list)
    people: list = field(default_factory=list)
    examples: list = field(default_factory=list)


def dry_run(*, draft=None, user, at) -> DryRun:
    """What the rules in force, with `draft` in its place (or instead of the rule it is a new version of), would do with last month's tickets."""
    since = at - MONTH
    read = ("kind", "category", "severity", "title", "text", "opened_at", "assignee_id", "account__manager_id", "account__unit")
    recent = Ticket.objects.visible_to(user).filter(opened_at__gte=since, opened_at__lte=at)
    tickets = list(recent.select_related("account__unit").only(*read).order_by("-opened_at")[: AT_MOST + 1])
    found = DryRun(since=since, more=len(tickets) > AT_MOST)
    tickets = tickets[:AT_MOST]
    rules = with_draft(rules=rules_in_force(), draft=draft)
    router = router_on(timezone.localdate(at), rules=rules, rota=dict(Rota.objects.values_list("pk", "last_person_id")))
    cases = cases_of(tickets, rules=rules, on=timezone.localdate(at))
    choices = [(ticket, router.choose(case)) for ticket, case in zip(reversed(tickets), reversed(cases), strict=True)]
    return _summed(found, choices, rules, draft)


def with_draft(*, rules, draft):
    """In the order of their places; the draft before another of the same place."""
    if draft is None:
        return rules
    others = [rule for rule in rules if rule.pk != draft.pk]
    if not draft.is_active:
        return others
    order = count()
    return sorted([draft, *others], key=lambda rule: (rule.position, next(order)))


def _summed(found, choices, rules, draft):
    by_rule = Counter(id(choice.rule) for _ticket, choice in choices if choice.rule)
    gets = Counter(choice.to for _ticket, choice in choices)
    has = Counter(ticket.assignee_id for ticket, _choice in choices)
    found.tickets = len(choices)
    found.taken = by_rule[id(draft)] if draft else 0
    moved = [(ticket, choice) for ticket, choice in choices if choice.to != ticket.assignee_id]
    found.differ = len(moved)
    found.rules = [(rule, by_rule[id(rule)]) for rule in rules] + [(None, len(choices) - sum(by_rule.values()))]
    shown = [choice for _ticket, choice in moved if draft is None or choice.rule is draft]
    examples = [pair for pair in moved if draft is None or pair[1].rule is draft][-SHOWN_EXAMPLES:] if shown else []
    keys = [key for key, _number in gets.most_common(SHOWN_PEOPLE)]
    people = User.objects.in_bulk([key for key in keys if key] + [choice.to for _ticket, choice in examples if choice.to])
    found.people = [(people.get(key), gets[key], has[key]) for key in keys]
    found.examples = [(ticket, people.get(choice.to)) for ticket, choice in reversed(examples)]
    return found
