"""Propose, decide, withdraw. The decision is marketing's; the granted fact is made by `crm.service_levels`."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services as service_levels
from crm.service_levels.models import Entitlement
from marketing.green_channel.models import ChannelRule, Proposal, may_decide_second
from marketing.green_channel.rules import levels_needed
from segmentation.runs.models import Standing

State = Proposal.State


@dataclass(frozen=True)
class Terms:
    """What is asked for: level, services and the period, both days included; `quotas` `{service: times}`; `dedicated_line` None: the level's."""

    level: object
    services: list
    starts_on: object
    ends_on: object
    reason: str
    quotas: dict = field(default_factory=dict)
    dedicated_line: str | None = None


@transaction.atomic
def propose(*, account, terms, by, at):
    """One proposal for one account. Refuses an account the person does not look after, an open proposal, an entitlement that would overlap."""
    if not Account.objects.looked_after_by(by).filter(pk=account.pk).exists():
        raise Refused(_("You can propose a green channel only for accounts you look after. Ask the account's manager."), code="not_yours")
    service_levels.check_quotas(quotas=terms.quotas, services=terms.services)
    standing = Entitlement.objects.filter(
        account=account, revoked_at=None, starts_on__lte=terms.ends_on, ends_on__gte=terms.starts_on
    ).first()
    if standing:
        raise Refused(
            _("Account %(number)s already has a green channel from %(start)s to %(end)s: choose a period after it.")
            % {"number": account.number, "start": standing.starts_on, "end": standing.ends_on},
            code="overlaps",
        )
    evidence = _evidence(account)
    levels = levels_needed(evidence.get("revenue_12m_yuan"), ChannelRule.objects.on(at.date()).two_levels_from_yuan)
    line = terms.level.dedicated_line if terms.dedicated_line is None else terms.dedicated_line
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                account=account, level=terms.level, services=terms.services, starts_on=terms.starts_on, ends_on=terms.ends_on,
                reason=terms.reason, evidence=evidence, proposed_by=by, proposed_at=at, quotas=terms.quotas, dedicated_line=line,
                levels_needed=levels,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_open_proposal_per_account" not in str(error):
            raise
        raise AlreadyDone(_("Account %(number)s already has a proposal waiting for a decision.") % {"number": account.number}) from error
    record(by=by, did="proposed green channel", on=proposal, reason=terms.reason, until=str(terms.ends_on))
    return proposal


def propose_many(*, accounts, terms, by, at):
    """Propose for each of a list of accounts; returns (proposals, [(account, why not)]). One that is refused does not stop the others."""
    made, refused = [], []
    for account in accounts:
        try:
            made.append(propose(account=account, terms=terms, by=by, at=at))
        except Refused as refusal:
            refused.append((account, refusal))
    return made, refused


@transaction.atomic
def approve(*, proposal, by, at, note=""):
    """The supervisor's yes: an entitlement stands in crm from this moment. Nobody decides their own proposal.

    Where two levels are needed the first yes only hands it on: then None is returned, and the second must come from somebody else.
    """
    proposal = _lock_for_decision(proposal, by)
    if proposal.levels_needed > 1 and proposal.state == State.PROPOSED:
        return _endorse(proposal, by=by, at=at, note=note)
    starts_on = max(proposal.starts_on, at.date())
    if starts_on > proposal.ends_on:
        raise Refused(
            _("The proposed period ended on %(end)s: refuse it and ask for a new one.") % {"end": proposal.ends_on}, code="period_over"
        )
    entitlement = service_levels.grant(
        account=proposal.account, level=proposal.level, services=proposal.services, starts_on=starts_on, ends_on=proposal.ends_on,
        representative=proposal.account.representative, quotas=proposal.quotas, dedicated_line=proposal.dedicated_line, by=by, at=at,
    )  # fmt: skip
    _decide(proposal, State.APPROVED, by=by, at=at, reason=note, entitlement=entitlement)
    record(by=by, did="approved green channel", on=proposal, note=note, until=str(proposal.ends_on))
    return entitlement


def _endorse(proposal, *, by, at, note):
    Proposal.objects.filter(pk=proposal.pk).update(state=State.ENDORSED, first_by=by, first_at=at, first_note=note)
    record(by=by, did="endorsed green channel", on=proposal, note=note)


@transaction.atomic
def refuse(*, proposal, by, at, reason):
    """The supervisor's no, with its reason."""
    if not reason.strip():
        raise Refused(_("Say why: the manager will read it."), code="reason_missing")
    proposal = _lock_for_decision(proposal, by)
    _decide(proposal, State.REFUSED, by=by, at=at, reason=reason)
    record(by=by, did="refused green channel", on=proposal, reason=reason)


@transaction.atomic
def withdraw(*, proposal, by, at):
    """Whoever proposed takes it back before a decision."""
    if proposal.proposed_by_id != by.pk:
        raise Refused(_("Only %(who)s, who proposed it, can withdraw it.") % {"who": proposal.proposed_by}, code="not_yours")
    if not Proposal.objects.filter(pk=proposal.pk).open().update(state=State.WITHDRAWN, decided_at=at):
        raise _already(Proposal.objects.get(pk=proposal.pk))
    record(by=by, did="withdrew green channel proposal", on=proposal)


@transaction.atomic
def lapse(*, at):
    """Proposals nobody decided in time, or whose period is over, end; returns how many."""
    limit = dt.timedelta(days=ChannelRule.objects.on(at.date()).decide_within_days)
    stale = Proposal.objects.open().filter(proposed_at__lt=at - limit) | Proposal.objects.open().filter(ends_on__lt=at.date())
    lapsed = list(stale.select_for_update(skip_locked=True))
    Proposal.objects.filter(pk__in=[proposal.pk for proposal in lapsed]).update(state=State.LAPSED, decided_at=at)
    for proposal in lapsed:
        record(by=None, did="green channel proposal lapsed", on=proposal)
    return len(lapsed)


@transaction.atomic
def remind(*, at, limit=500) -> int:
    """A task on the manager's desk for each green channel that runs out soon and has no successor; once, however often it is swept.

    Returns how many were reminded of.
    """
    today = at.date()
    days = ChannelRule.objects.on(today).remind_days_before
    ending = Entitlement.objects.to_remind_of(today, days).select_for_update(skip_locked=True, of=("self",))
    found = list(ending.select_related("account__manager", "level").order_by("ends_on")[:limit])
    for entitlement in found:
        Entitlement.objects.filter(pk=entitlement.pk).update(renewal_reminded_at=at)
        record(by=None, did="reminded", on=entitlement, ends_on=entitlement.ends_on.isoformat())
        _task_of_renewal(entitlement, today)
    return len(found)


def _task_of_renewal(entitlement, today):
    manager = entitlement.account.manager
    if manager is None or not manager.is_active:
        return
    subject = _("Green channel ends on %(end)s: propose its renewal or let it end") % {"end": entitlement.ends_on}
    task = Engagement.objects.create(
        account=entitlement.account, kind=Engagement.Kind.TASK, subject=subject, planned_on=today, by=manager
    )  # fmt: skip
    record(by=None, did="planned", on=task, subject=subject, planned_on=today.isoformat())


@transaction.atomic
def set_rule(*, valid_from, two_levels_from_yuan, decide_within_days, remind_days_before, source, mark, on, by) -> ChannelRule:
    """New rules from a day on (today, `on`, at the earliest). Proposals already made keep the levels they need."""
    if valid_from < on:
        raise Refused(_("Choose today or a later day: what was decided before stays decided."), code="in_the_past")
    try:
        with transaction.atomic():
            rule = ChannelRule.objects.create(
                valid_from=valid_from, two_levels_from_yuan=two_levels_from_yuan, decide_within_days=decide_within_days,
                remind_days_before=remind_days_before, source=source, mark=mark, entered_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        told = _("A rule from %(day)s was already entered: choose a later day.") % {"day": valid_from}
        raise AlreadyDone(told) from error
    record(by=by, did="set channel rule", on=rule, valid_from=str(valid_from), two_levels_from_yuan=two_levels_from_yuan)
    return rule


def _lock_for_decision(proposal, by):
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("account__representative", "level", "decided_by", "first_by__unit", "proposed_by")
        .get(pk=proposal.pk)
    )
    if not proposal.is_open:
        raise _already(proposal)
    if proposal.proposed_by_id == by.pk:
        raise Refused(_("Nobody decides their own proposal: ask another supervisor."), code="own_proposal")
    if proposal.state == State.ENDORSED and not may_decide_second(first=proposal.first_by, by=by):
        told = _("%(who)s approved it first: the second level is somebody else, of the same unit or of one above it.")
        raise Refused(told % {"who": proposal.first_by}, code="second_level")
    return proposal


def _decide(proposal, state, *, by, at, reason, entitlement=None):
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, decided_by=by, decided_at=at, decision_reason=reason, entitlement=entitlement
    )


def _already(proposal):
    return AlreadyDone(
        _("This proposal is no longer open: %(state)s by %(who)s.")
        % {"state": proposal.get_state_display(), "who": proposal.decided_by or proposal.proposed_by}
    )


def _evidence(account):
    standing = Standing.objects.filter(account=account).first()
    if standing is None:
        return {}
    number = lambda value: None if value is None else float(value)  # noqa: E731
    return {
        "run": standing.run_id, "tier": standing.tier, "value_score": number(standing.value_score),
        "risk_score": number(standing.risk_score), "risk_band": standing.risk_band,
        "revenue_12m_yuan": None if standing.revenue_12m_fen is None else standing.revenue_12m_fen / 100,
    }  # fmt: skip
