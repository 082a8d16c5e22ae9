"""Watching the clocks of open tickets and telling the next person when a part of one is over. Rows are the promise: a sweep may run late or twice."""

import datetime as dt

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.audit.services import record
from crm.calendar.clock import CalendarNotLoaded
from crm.calendar.models import CalendarDay
from crm.escalation.models import Chain, Escalation, Rank, Step, Watch
from crm.escalation.rules import chain_for, moment_of
from crm.escalation.words import told_in_story
from crm.people.models import User
from crm.routing.rules import Case, reaches, supervisors_over
from crm.routing.staff import people_on, pool_lead
from crm.tickets import services as tickets
from crm.tickets.models import OPEN_STATES, Ticket, TicketNote
from crm.tickets.rules import clock_history

ASK_AGAIN_AFTER = dt.timedelta(hours=1)


@transaction.atomic
def watch(*, at, limit=1000) -> int:
    """Reckon the next step of open tickets whose clock is new or has moved (logged, resumed, reopened, calendar loaded); returns how many."""
    seen = Watch.objects.filter(ticket=OuterRef("pk"))
    running = Ticket.objects.open().filter(paused_at=None, answer_due_at__isnull=False).exclude(clock_policy=None)
    new = running.annotate(watched=Subquery(seen.values("for_due")), watched_round=Subquery(seen.values("round")))
    moved = new.filter(Q(watched=None) | ~Q(watched=F("answer_due_at")) | ~Q(watched_round=F("reopened_count")))
    rows = list(
        moved.select_for_update(skip_locked=True, of=("self",)).select_related("clock_policy", "entitlement").order_by("pk")[:limit]
    )
    if not rows:
        return 0
    chains, calendar = _chains(), CalendarDay.objects.clock()
    stories = _stories(rows)
    done = _done(rows)
    made = [
        _watch(ticket, chains, calendar, stories.get(ticket.pk, ()), done.get((ticket.pk, ticket.reopened_count), 0), at) for ticket in rows
    ]
    kept = ["chain", "for_due", "round", "next_number", "next_at"]
    Watch.objects.bulk_create(made, update_conflicts=True, unique_fields=["ticket"], update_fields=kept)
    return len(made)


def _chains():
    return list(Chain.objects.filter(is_active=True).prefetch_related("steps"))


def _stories(rows):
    stories: dict[int, list] = {}
    moves = TicketNote.objects.filter(ticket__in=rows).exclude(moved_to="").order_by("at", "id")
    for key, *event in moves.values_list("ticket_id", "at", "what", "moved_to"):
        stories.setdefault(key, []).append(tuple(event))
    return stories


def _done(rows):
    """{(ticket, round): the highest step that was done}"""
    found: dict[tuple[int, int], int] = {}
    for key, turn, number in Escalation.objects.filter(ticket__in=rows).order_by("number").values_list("ticket_id", "round", "number"):
        found[(key, turn)] = number
    return found


def _watch(ticket, chains, calendar, story, done, at):
    level = ticket.entitlement.level_id if ticket.entitlement_id else None
    chain = chain_for(chains, kind=ticket.kind, severity=ticket.severity, level_id=level)
    row = Watch(ticket=ticket, chain=chain, for_due=ticket.answer_due_at, round=ticket.reopened_count)
    step = next((step for step in chain.steps.all() if step.number > done), None) if chain else None
    if step:
        row.next_number, row.next_at = step.number, _moment(step, ticket, calendar, story, at)
    return row


def _moment(step, ticket, calendar, story, at):
    began, pauses = clock_history(ticket.opened_at, story)
    try:
        return moment_of(step.percent, began=began, target=ticket.clock_policy.target("answer"), pauses=pauses, calendar=calendar)
    except CalendarNotLoaded:
        return at + ASK_AGAIN_AFTER


@transaction.atomic
def escalate_due(*, at, limit=300) -> int:
    """Do the steps that are due, each once; returns how many. Closed tickets are let go, paused ones wait until their clock runs again."""
    due = Watch.objects.filter(next_at__lte=at)
    due.exclude(ticket__state__in=OPEN_STATES).update(next_at=None)
    running = due.filter(ticket__paused_at=None, for_due=F("ticket__answer_due_at"), round=F("ticket__reopened_count"))
    related = ("ticket__account__unit", "ticket__assignee", "ticket__clock_policy", "chain")
    rows = list(running.select_for_update(skip_locked=True, of=("self",)).select_related(*related).order_by("next_at")[:limit])
    if not rows:
        return 0
    there = _Staff(timezone.localdate(at))
    calendar, stories = CalendarDay.objects.clock(), _stories([row.ticket for row in rows])
    return sum(_step(row, there, calendar, stories.get(row.ticket_id, ()), at) for row in rows)


class _Staff:
    """Who can be told, read once for a sweep."""

    def __init__(self, day):
        self.people = {person.key: person for person in people_on(day)}
        self.pool_lead = pool_lead()
        self.users = User.objects.in_bulk([person.key for person in self.people.values() if person.role == "supervisor"])

    def user(self, key):
        if key not in self.users:
            self.users[key] = User.objects.get(pk=key)
        return self.users[key]

    def to_tell(self, step, ticket):
        """`(person or None, [[person, why passed over]])`: the first of the step's candidates who is there."""
        passed_over = []
        for key in dict.fromkeys(key for key in self._candidates(step, ticket) if key):
            who = self.people.get(key)
            if who is None or who.absent:
                passed_over.append([key, "absent" if who else "gone"])
                if who is None or who.substitute is None or who.substitute not in self.people:
                    continue
                key = who.substitute
            if self.people[key].absent or not reaches(self.people[key], self._case(ticket)):
                continue
            return self.user(key), passed_over
        return None, passed_over

    def _case(self, ticket):
        account = ticket.account
        code, manager = (account.unit.code, account.manager_id) if account else ("", None)
        return Case(kind="", category="", severity="", hour=0, unit_code=code, manager=manager)

    def _candidates(self, step, ticket):
        """Those the step names, then whoever is above: a step is never told to nobody while somebody is there."""
        over = supervisors_over(self.people.values(), ticket.account.unit.code) if ticket.account_id else []
        nearest = self.people[over[0]].unit_code if over else ""
        above = [key for key in over if self.people[key].unit_code != nearest]
        named = {
            Rank.ASSIGNEE: [ticket.assignee_id], Rank.UNIT: [], Rank.ABOVE: above, Rank.TOP: over[::-1], Rank.POOL: [self.pool_lead],
            Rank.PERSON: [step.person_id],
        }[step.to]  # fmt: skip
        return [*named, *over, self.pool_lead, ticket.assignee_id]


def _step(row, there, calendar, story, at):
    """One step: its row (the constraint makes it once), its line of story, the next one's moment. How many were done."""
    steps = list(row.chain.steps.all()) if row.chain else []
    step = next((step for step in steps if step.number >= (row.next_number or 0)), None)
    if step is None:
        Watch.objects.filter(pk=row.pk).update(next_at=None, next_number=None)
        return 0
    ticket = row.ticket
    to, passed_over = there.to_tell(step, ticket)
    hand_over = bool(step.hand_over and to and to.pk != ticket.assignee_id)
    made = Escalation(
        ticket=ticket, round=row.round, number=step.number, percent=step.percent, rank=step.to, to=to, handed_over=hand_over, at=at,
        due_at=row.for_due, explained={"chain": row.chain.name, "chain_en": row.chain.name_en, "passed_over": passed_over},
    )  # fmt: skip
    before = Escalation.objects.filter(ticket=ticket, round=row.round, number=step.number).exists()
    Escalation.objects.bulk_create([made], ignore_conflicts=True)
    if not before:
        _tell(ticket, step, made, at)
    following = next((other for other in steps if other.number > step.number), None)
    when = _moment(following, ticket, calendar, story, at) if following else None
    Watch.objects.filter(pk=row.pk).update(next_number=following and following.number, next_at=when)
    return 0 if before else 1


def _tell(ticket, step, made, at):
    words = told_in_story(made)
    to = made.to if made.handed_over else None
    if not tickets.escalate(ticket=ticket, level=step.number, why=words, by=None, at=at, to=to):
        TicketNote.objects.create(ticket=ticket, at=at, what=TicketNote.What.ESCALATED, text=words)
        if to:
            Ticket.objects.filter(pk=ticket.pk, state__in=OPEN_STATES).update(assignee=to)


@transaction.atomic
def save_chain(*, chain, steps, by) -> Chain:
    """A chain with its steps `[{percent, to, person, hand_over}]`, in the order of their percentages. Open tickets follow it from the next minute."""
    new = chain.pk is None
    chain.save()
    chain.steps.all().delete()
    ordered = sorted(steps, key=lambda step: step["percent"])
    Step.objects.bulk_create([Step(chain=chain, number=number, **step) for number, step in enumerate(ordered, 1)])
    _reckon_again()
    record(by=by, did="added" if new else "changed", on=chain, name=chain.name, steps=len(ordered))
    return chain


@transaction.atomic
def switch_chain(*, chain, on, by) -> None:
    """Put a chain in force or out of force."""
    if Chain.objects.filter(pk=chain.pk, is_active=not on).update(is_active=on):
        _reckon_again()
        record(by=by, did="switched on" if on else "switched off", on=chain, name=chain.name)


def _reckon_again():
    """Every open ticket may have another chain now: forget what was reckoned, the next sweep does it anew."""
    Watch.objects.filter(ticket__state__in=OPEN_STATES).delete()


@transaction.atomic
def see(*, user, at, pk=None) -> int:
    """The person has seen one, or all, of what was raised to them; returns how many were new."""
    told = Escalation.objects.told(user).unseen()
    return (told.filter(pk=pk) if pk else told).update(seen_at=Coalesce("seen_at", at))
