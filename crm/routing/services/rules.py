"""Editing the rules. Each verb leaves the list in one unbroken order."""

from django.db import transaction

from crm.audit.services import record
from crm.routing.models import RoutingDesk, RoutingRule


@transaction.atomic
def save_rule(*, rule, by) -> RoutingRule:
    """A new rule or a new version of one, at its place; those at that place and below move down."""
    new = rule.pk is None
    rule.save()
    _in_order(first=rule)
    record(by=by, did="added" if new else "changed", on=rule, name=rule.name)
    rule.refresh_from_db()
    return rule


@transaction.atomic
def move_rule(*, rule, up, by) -> None:
    """One place up or down."""
    rules = list(RoutingRule.objects.select_for_update())
    place = rules.index(rule)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
        _number(rules)
        record(by=by, did="moved", on=rule, name=rule.name)


@transaction.atomic
def switch_rule(*, rule, on, by) -> None:
    """Put a rule in force or out of force."""
    if RoutingRule.objects.filter(pk=rule.pk, is_active=not on).update(is_active=on):
        record(by=by, did="switched on" if on else "switched off", on=rule, name=rule.name)


@transaction.atomic
def delete_rule(*, rule, by) -> None:
    """Take a rule away. What it decided keeps its name in each decision."""
    record(by=by, did="deleted", on=rule, name=rule.name)
    RoutingRule.objects.filter(pk=rule.pk).delete()
    _in_order()


@transaction.atomic
def lead_pool(*, person, by) -> None:
    """Who gets a ticket when nobody else is there; None: the agent with the fewest open tickets."""
    desk, _made = RoutingDesk.objects.update_or_create(pk=1, defaults={"pool_lead": person})
    record(by=by, did="named lead", on=desk, to=person.username if person else "")


def _in_order(first=None):
    rules = list(RoutingRule.objects.select_for_update())
    _number(sorted(rules, key=lambda rule: (rule.position, first is None or rule.pk != first.pk)))


def _number(rules):
    for place, rule in enumerate(rules, 1):
        rule.position = place
    RoutingRule.objects.bulk_update(rules, ["position"])
