"""Tickets that were logged and wait to be routed. The ticket's row is the promise: nothing is lost with a broker, and a sweep may run twice."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.audit.services import entry
from crm.changes.services import touch
from crm.people.models import User
from crm.routing.cases import cases_of
from crm.routing.models import Rota, RoutingDecision
from crm.routing.staff import router_on, rules_in_force
from crm.service_levels.services import promise
from crm.tickets.models import State, Ticket, TicketNote
from crm.tickets.outbox import facts_of
from crm.webhooks import events

Outcome = RoutingDecision.Outcome
ASK_AGAIN_AFTER = dt.timedelta(minutes=5)


@transaction.atomic
def route_due(*, at, limit=200) -> int:
    """Decide about tickets that wait, oldest first; returns how many. Some twenty statements a batch, one where nothing waits.

    Tickets another worker holds are left to it. Turns are locked until the end of the batch, so no turn is given twice.
    """
    waiting = Ticket.objects.filter(route_at__lte=at).select_related("account__unit").order_by("route_at", "pk")
    tickets = list(waiting.select_for_update(skip_locked=True, of=("self",))[:limit])
    if not tickets:
        return 0
    rules = rules_in_force()
    rota = _turns(rules)
    before = dict(rota)
    router = router_on(timezone.localdate(at), rules=rules, rota=rota)
    by_hand = _moved_by_people(tickets)
    decisions = []
    for ticket, case in zip(tickets, cases_of(tickets, rules=rules, on=timezone.localdate(at)), strict=True):
        hands_off = ticket.state != State.NEW or ticket.pk in by_hand
        decisions.append(_by_hand(ticket, at) if hands_off else _decision(ticket, router.choose(case), at))
    _write(tickets, decisions, at)
    for key, last in rota.items():
        if last != before[key]:
            Rota.objects.filter(pk=key).update(last_person_id=last)
    return len(tickets)


def _turns(rules):
    """{rule: whose turn was last}, locked in one order."""
    keys = [rule.pk for rule in rules if rule.strategy == "round_robin"]
    Rota.objects.bulk_create([Rota(rule_id=key) for key in keys], ignore_conflicts=True)
    return dict(Rota.objects.filter(pk__in=keys).select_for_update().order_by("pk").values_list("pk", "last_person_id"))


def _moved_by_people(tickets):
    """Tickets somebody assigned or took meanwhile: a person's word stands."""
    told = TicketNote.objects.filter(ticket__in=tickets, what=TicketNote.What.ASSIGNED).exclude(by=None)
    return set(told.values_list("ticket_id", flat=True))


def _by_hand(ticket, at):
    return RoutingDecision(ticket=ticket, to_id=ticket.assignee_id, outcome=Outcome.BY_HAND, at=at)


def _decision(ticket, choice, at):
    rule = choice.rule
    explained = {
        "rule": rule and {"name": rule.name, "name_en": rule.name_en, "position": rule.position}, "why": list(choice.why),
        "steps": choice.steps, "strategy": choice.strategy, "was": ticket.assignee_id,
        "severity": rule.set_severity if rule and rule.set_severity != ticket.severity else "",
    }  # fmt: skip
    outcome = Outcome.NOBODY if choice.to is None else Outcome.KEPT if choice.to == ticket.assignee_id else Outcome.ASSIGNED
    return RoutingDecision(ticket=ticket, rule=rule, to_id=choice.to or ticket.assignee_id, outcome=outcome, at=at, explained=explained)


def _write(tickets, decisions, at):
    """Decisions first: were they to fail, nothing else is done."""
    kept = ["rule", "to", "outcome", "at", "explained"]
    RoutingDecision.objects.bulk_create(decisions, update_conflicts=True, unique_fields=["ticket"], update_fields=kept)
    for ticket, decision in zip(tickets, decisions, strict=True):
        ticket.route_at = at + ASK_AGAIN_AFTER if decision.outcome == Outcome.NOBODY and ticket.is_open else None
        if decision.outcome == Outcome.ASSIGNED:
            ticket.assignee_id, ticket.passed_on_at = decision.to_id, ticket.passed_on_at or at
    Ticket.objects.bulk_update(tickets, ["assignee", "passed_on_at", "route_at"])
    _raise_severity(decisions, at)
    _tell([decision for decision in decisions if decision.outcome == Outcome.ASSIGNED], at)


def _tell(decisions, at):
    people = User.objects.in_bulk([decision.to_id for decision in decisions])
    lines = [
        TicketNote(ticket=row.ticket, at=at, what=TicketNote.What.ASSIGNED, text=str(people[row.to_id])) for row in decisions
    ]  # fmt: skip
    TicketNote.objects.bulk_create(lines)
    names = {key: person.username for key, person in people.items()}
    AuditEntry.objects.bulk_create([
        entry(by=None, did="routed", on=row.ticket, to=names[row.to_id], rule=row.rule.name if row.rule else "") for row in decisions
    ])  # fmt: skip
    events.publish_all(kind="ticket.assigned", subjects=[(row.ticket, facts_of(row.ticket)) for row in decisions], at=at)
    touch(table="tickets", periods={timezone.localdate(row.ticket.opened_at) for row in decisions})


def _raise_severity(decisions, at):
    """A rule that knows better how grave it is gives the ticket the clock of that severity, from the moment it was logged."""
    for row in decisions:
        if not (wanted := row.explained.get("severity")):
            continue
        ticket = row.ticket
        clock = promise(account=ticket.account, kind=ticket.kind, category=ticket.category, severity=wanted, at=ticket.opened_at)
        Ticket.objects.filter(pk=ticket.pk).update(
            severity=wanted, clock_policy=clock.policy, clock_explained=clock.explained(), pass_on_due_at=clock.pass_on_due_at,
            contact_due_at=clock.contact_due_at, answer_due_at=clock.answer_due_at, resolve_due_at=clock.resolve_due_at,
        )  # fmt: skip
        ticket.severity = wanted
        AuditEntry.objects.bulk_create([entry(by=None, did="changed severity", on=ticket, to=wanted)])


@transaction.atomic
def wait_for_routing(*, at, limit=500) -> int:
    """Open tickets nobody has and no rule has seen (from a file, or from before) wait to be routed too; returns how many."""
    lying = Ticket.objects.unassigned().filter(route_at=None, routing=None, state=State.NEW)
    keys = list(lying.order_by("pk").values_list("pk", flat=True)[:limit])
    return Ticket.objects.filter(pk__in=keys, route_at=None).update(route_at=at)
