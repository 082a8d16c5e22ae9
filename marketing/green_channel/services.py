"""Propose, decide, withdraw. The decision is marketing's; the granted fact is made by `crm.service_levels`."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services as service_levels
from crm.service_levels.models import Entitlement
from marketing.green_channel.models import Proposal
from marketing.green_channel.rules import DECIDE_WITHIN
from segmentation.runs.models import Standing

State = Proposal.State


@dataclass(frozen=True)
class Terms:
    """What is asked for: level, services and the period, both days included."""

    level: object
    services: list
    starts_on: object
    ends_on: object
    reason: str


@transaction.atomic
def propose(*, account, terms, by, at):
    """One proposal for one account. Refuses an account the person does not look after, an open proposal, an entitlement that would overlap."""
    if not Account.objects.looked_after_by(by).filter(pk=account.pk).exists():
        raise Refused(_("You can propose a green channel only for accounts you look after. Ask the account's manager."), code="not_yours")
    standing = Entitlement.objects.filter(
        account=account, revoked_at=None, starts_on__lte=terms.ends_on, ends_on__gte=terms.starts_on
    ).first()
    if standing:
        raise Refused(
            _("Account %(number)s already has a green channel from %(start)s to %(end)s: choose a period after it.")
            % {"number": account.number, "start": standing.starts_on, "end": standing.ends_on},
            code="overlaps",
        )
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                account=account, level=terms.level, services=terms.services, starts_on=terms.starts_on, ends_on=terms.ends_on,
                reason=terms.reason, evidence=_evidence(account), proposed_by=by, proposed_at=at,
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
    """The supervisor's yes: an entitlement stands in crm from this moment. Nobody decides their own proposal."""
    proposal = _lock_for_decision(proposal, by)
    starts_on = max(proposal.starts_on, at.date())
    if starts_on > proposal.ends_on:
        raise Refused(
            _("The proposed period ended on %(end)s: refuse it and ask for a new one.") % {"end": proposal.ends_on}, code="period_over"
        )
    entitlement = service_levels.grant(
        account=proposal.account, level=proposal.level, services=proposal.services, starts_on=starts_on, ends_on=proposal.ends_on,
        representative=proposal.account.representative, by=by, at=at,
    )  # fmt: skip
    _decide(proposal, State.APPROVED, by=by, at=at, reason=note, entitlement=entitlement)
    record(by=by, did="approved green channel", on=proposal, note=note, until=str(proposal.ends_on))
    return entitlement


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
    if not Proposal.objects.filter(pk=proposal.pk, state=State.PROPOSED).update(state=State.WITHDRAWN, decided_at=at):
        raise _already(Proposal.objects.get(pk=proposal.pk))
    record(by=by, did="withdrew green channel proposal", on=proposal)


@transaction.atomic
def lapse(*, at):
    """Proposals nobody decided in time, or whose period is over, end; returns how many."""
    stale = Proposal.objects.open().filter(proposed_at__lt=at - DECIDE_WITHIN) | Proposal.objects.open().filter(ends_on__lt=at.date())
    lapsed = list(stale.select_for_update(skip_locked=True))
    Proposal.objects.filter(pk__in=[proposal.pk for proposal in lapsed]).update(state=State.LAPSED, decided_at=at)
    for proposal in lapsed:
        record(by=None, did="green channel proposal lapsed", on=proposal)
    return len(lapsed)


def _lock_for_decision(proposal, by):
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("account__representative", "level", "decided_by")
        .get(pk=proposal.pk)
    )
    if proposal.state != State.PROPOSED:
        raise _already(proposal)
    if proposal.proposed_by_id == by.pk:
        raise Refused(_("Nobody decides their own proposal: ask another supervisor."), code="own_proposal")
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
    }  # fmt: skip
