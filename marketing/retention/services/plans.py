"""Start a plan, end it. Its tasks are visits, calls and tasks of crm, so they stand on the desk and in the history as all others do."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.calendar.clock import CalendarNotLoaded, working_days_after
from crm.calendar.models import CalendarDay
from crm.engagement import services as engagement
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused
from marketing.market import services as market
from marketing.retention import facts
from marketing.retention.models import Arm, Doer, Plan, PlanTask
from marketing.retention.models.playbooks import ENGAGED_AS
from marketing.retention.services import playbooks, trials
from segmentation.runs.models import Standing

State = Plan.State


def start(*, account, by, at, playbook=None):
    """One open plan for one account, by `playbook` or the one that fits best. `at`: local time.

    While a trial runs the account's lot is drawn first, and stands even when it says no: nobody is contacted before it.
    Refuses an account of others, a closed one, a held-out one, a second plan, a calendar that is not loaded.
    """
    if not Account.objects.looked_after_by(by).filter(pk=account.pk).exists():
        raise Refused(_("You can start a plan only for accounts you look after. Ask the account's manager."), code="not_yours")
    if account.status == Account.Status.CLOSED:
        raise Refused(_("Account %(number)s is closed: note the loss instead.") % {"number": account.number}, code="closed")
    if Plan.objects.open().filter(account=account).exists():
        raise _already(account)
    lot = trials.draw_one(account=account, at=at)
    if lot is not None and lot.arm == Arm.HOLDOUT and lot.released_at is None and lot.trial.closed_at is None:
        raise Refused(held_out_because(lot), code="held_out")
    return _start(account, by, at, playbook)


def held_out_because(lot) -> str:
    return _(
        "Account %(number)s is held out of “%(trial)s” until %(day)s: it gets no retention plan, so that what plans achieve can be measured "
        "against it. Everything else goes on as usual. If it must not wait, a supervisor releases it with a reason."
    ) % {"number": lot.account.number, "trial": lot.trial, "day": lot.due_on}


@transaction.atomic
def _start(account, by, at, playbook):
    standing = Standing.objects.filter(pk=account.pk).first() or Standing(account=account)
    if playbook is None:
        fitting = playbooks.suggested(outcome=standing.risk_outcome, band=standing.risk_band, tier=standing.tier)
        if not fitting:
            raise Refused(_("No playbook fits account %(number)s: choose one, or ask an analyst for one.") % {"number": account.number})
        playbook = fitting[0]
    steps = list(playbook.steps.all())
    days = _due_days(steps, at)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                account=account, playbook=playbook, outcome=standing.risk_outcome, band=standing.risk_band, tier=standing.tier,
                risk_score=standing.risk_score, revenue_12m_fen=standing.revenue_12m_fen, started_by=by, started_at=at,
                before=facts.kept(facts.facts_of(account, standing, on=at.date())),
            )  # fmt: skip
    except IntegrityError as error:
        if "one_open_retention_plan_per_account" not in str(error):
            raise
        raise _already(account) from error
    for step, day in zip(steps, days, strict=True):
        done_as = engagement.plan(
            account=account, by=_who(step, account, by), asked_by=by, kind=ENGAGED_AS.get(step.kind, Engagement.Kind.TASK),
            subject=str(step), planned_on=day,
        )  # fmt: skip
        PlanTask.objects.create(plan=plan, position=step.position, kind=step.kind, cost_yuan=step.cost_yuan, engagement=done_as)
    record(by=by, did="started retention plan", on=plan, playbook=str(playbook), tasks=len(steps))
    return plan


def _already(account):
    return AlreadyDone(_("Account %(number)s already has a plan under way.") % {"number": account.number})


def _due_days(steps, at):
    calendar = CalendarDay.objects.clock()
    try:
        return [calendar.local_day(working_days_after(calendar, at, step.within_days)) for step in steps]
    except CalendarNotLoaded as missing:
        raise Refused(
            _("The working days of %(year)s are not loaded, so no due date can be given. Ask an administrator to load the calendar.")
            % {"year": missing.year},
            code="calendar",
        ) from missing


def _who(step, account, by):
    manager = account.manager or by
    return (account.representative or manager) if step.doer == Doer.REPRESENTATIVE else manager


def start_many(*, accounts, by, at, playbook=None):
    """A plan for each; returns (plans, [(account, why not)]). One that is refused does not stop the others."""
    made, refused = [], []
    for account in accounts:
        try:
            made.append(start(account=account, by=by, at=at, playbook=playbook))
        except Refused as refusal:
            refused.append((account, refusal))
    return made, refused


@transaction.atomic
def keep(*, plan, by, at, ending=""):
    """The account stays: what is left to do is cancelled."""
    _end(plan, State.KEPT, by=by, at=at, ending=ending)
    record(by=by, did="kept", on=plan, ending=ending)


@transaction.atomic
def lose(*, plan, loss, by, at):
    """The account left, wholly or in part: the loss is noted for the market watch in the same moment."""
    _end(plan, State.LEFT, by=by, at=at, ending=loss.note)
    noted = market.note(account=plan.account, loss=loss, by=by, at=at)
    Plan.objects.filter(pk=plan.pk).update(loss=noted)
    record(by=by, did="left", on=plan, cause=noted.get_cause_display())


@transaction.atomic
def drop(*, plan, by, at, reason):
    """The plan is given up, with its reason; nothing is said of the account."""
    if not reason.strip():
        raise Refused(_("Say why the plan is given up."), code="reason_missing")
    _end(plan, State.DROPPED, by=by, at=at, ending=reason)
    record(by=by, did="gave up retention plan", on=plan, reason=reason)


def _end(plan, state, *, by, at, ending):
    if not Account.objects.looked_after_by(by).filter(pk=plan.account_id).exists():
        raise Refused(_("Only who looks after the account ends its plan."), code="not_yours")
    if not Plan.objects.open().filter(pk=plan.pk).update(state=state, ended_by=by, ended_at=at, ending=ending.strip()):
        now = Plan.objects.select_related("ended_by").get(pk=plan.pk)
        told = {"who": now.ended_by, "state": now.get_state_display()}
        raise AlreadyDone(_("This plan was ended already by %(who)s: %(state)s.") % told)
    for task in plan.tasks.undone().select_related("engagement__account"):
        engagement.cancel(engagement=task.engagement, by=by, at=at)
