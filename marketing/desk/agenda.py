"""What one person should do today: whose clock runs, who may leave, what waits for a decision, whom to visit."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Window

from crm.engagement.models import Engagement
from crm.people.roles import Role
from crm.service_levels.models import Entitlement
from crm.tickets.models import Ticket
from marketing.development.models import Prospect
from marketing.green_channel.models import Proposal
from marketing.retention.models import Assignment, Plan, PlanTask
from segmentation.runs.models import RiskBand, Standing

SHOWN = 8
ENDS_SOON_DAYS = 30
VISITS_AHEAD_DAYS = 7


# What a row shows: the reasons of a standing alone are more than all the rest.
NAME = ("name", "name_en", "kind")
CUSTOMER = tuple(f"account__customer__{field}" for field in NAME)
TICKET = ("title", "category", "answer_due_at", "paused_at", "entitlement_id", "account_id", "account__standing__tier", *CUSTOMER)
STANDING = ("tier", "risk_band", "risk_score", "revenue_12m_fen", "headline", "account__number", *CUSTOMER)


@dataclass(frozen=True)
class Section:
    """At most `SHOWN` rows of something to do, and how many there are in all."""

    rows: list
    total: int


NOTHING = Section(rows=[], total=0)


def _section(queryset, *order):
    """In one question: what there is is counted where it is sorted."""
    rows = list(queryset.annotate(of=Window(Count("*"))).order_by(*order)[:SHOWN])
    return Section(rows=rows, total=rows[0].of if rows else 0)


def _own(user):
    """A manager's desk is about the accounts they look after; a supervisor's about all they see."""
    return {"account__manager": user} if user.role == Role.MANAGER else {}


def _unattended(standings):
    """At high risk without a plan; who is held out of a trial is not to be called."""
    found = standings.filter(risk_band=RiskBand.HIGH)
    for rows in (Plan.objects.open(), Assignment.objects.holding()):
        found = found.exclude(account__in=rows.order_by().values("account"))
    return found


def _to_decide(user):
    waiting = Proposal.objects.waiting_for(user)
    return {"waiting": _section(waiting.select_related("account__customer", "proposed_by"), "proposed_at", "pk")}


def _proposed(user):
    own = Proposal.objects.visible_to(user).filter(proposed_by=user)
    return {"proposals": _section(own.select_related("account__customer", "decided_by"), "-pk")}


def of_today(*, user):
    """What is read first: the clocks that run, who may leave, and what waits. Each section starts at what the person may see. Who
    decides is shown what waits for a decision, others what became of their proposals."""
    mine = _own(user)
    tickets = Ticket.objects.visible_to(user).open().filter(**mine).select_related("account__customer", "account__standing").only(*TICKET)
    standings = Standing.objects.visible_to(user).filter(**mine).select_related("account__customer").only(*STANDING)
    return {
        "clocks": _section(tickets, "answer_due_at", "pk"),
        "risks": _section(_unattended(standings), "-revenue_12m_fen", "pk"),
        **(_to_decide(user) if user.has_perm("marketing.decide") else _proposed(user)),
    }


def ahead(*, user, today):
    """What the coming days bring: tasks of plans, visits, accounts to develop, green channels that end."""
    mine, soon = _own(user), today + dt.timedelta(days=VISITS_AHEAD_DAYS)
    visits = Engagement.objects.visible_to(user).planned().filter(planned_on__lte=soon, **mine)
    visits = visits.filter(retention_task=None)  # tasks of plans stand under their own heading
    tasks = PlanTask.objects.filter(plan__in=Plan.objects.visible_to(user).open().filter(**mine).values("pk")).undone()
    if user.role == Role.MANAGER:
        visits, tasks = visits.filter(by=user), tasks.filter(engagement__by=user)
    ending = Entitlement.objects.visible_to(user).in_force(today).filter(ends_on__lte=today + dt.timedelta(days=ENDS_SOON_DAYS), **mine)
    return {
        "plan_tasks": _section(
            tasks.filter(engagement__planned_on__lte=soon).select_related("engagement", "plan__account__customer"),
            "engagement__planned_on",
            "pk",
        ),
        "visits": _section(visits.select_related("account__customer", "by"), "planned_on", "pk"),
        "promotions": _section(Prospect.objects.waiting_for(user).select_related("account__customer", "owner"), "proposed_at", "pk")
        if user.has_perm("marketing.decide")
        else NOTHING,
        "developing": _section(
            Prospect.objects.to_develop(user).select_related("account__customer"), F("next_on").asc(nulls_last=True), "pk"
        ),
        "ending": _section(ending.select_related("account__customer", "level"), "ends_on", "pk"),
    }
