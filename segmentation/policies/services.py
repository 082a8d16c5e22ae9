"""Draft, simulate, submit, approve: policies change by new versions only, and nobody puts their own in force."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Max, Value
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.engine.policy import Policy as EnginePolicy
from segmentation.engine.policy import PolicyError
from segmentation.engine.weights import Inconsistent
from segmentation.policies.credit_words import fault_words
from segmentation.policies.limits import faults
from segmentation.policies.models import EDITABLE, Policy
from segmentation.policies.refusals import said

KINDS = [kind.value for kind in Policy.Kind]
SIMULATED_FIRST = (Policy.Kind.VALUE, Policy.Kind.CREDIT)
State = Policy.State


def in_force(*, on: dt.date | None = None) -> dict[str, Policy]:
    """The policy that judges every account on a day, by kind; without a day the one that holds from now on without end. A kind without one
    is judged by the engine's default."""
    held = Policy.objects.last() if on is None else Policy.objects.in_force_on(on)
    return {policy.kind: policy for policy in held.filter(account_kind="")}


def in_force_for(*, on: dt.date) -> list[Policy]:
    """Policies of one kind of account on a day; they stand in place of the general one for its accounts."""
    return list(Policy.objects.in_force_on(on).exclude(account_kind="").order_by("kind", "account_kind"))


def engine_policy(*, policies: dict[str, Policy | None], special: Iterable[Policy] = ()) -> EnginePolicy:
    """What the engine judges by, from stored policies by kind and those of one kind of account. Raises `PolicyError`, `Inconsistent`."""
    stored: dict[str, dict] = {kind: policy.body for kind, policy in policies.items() if policy is not None}
    for policy in special:
        stored.setdefault(f"{policy.kind}_for", {})[policy.account_kind] = policy.body
    return EnginePolicy.from_dict(stored)


def check(*, kind: str, body: dict) -> dict:
    """The body with every parameter written out. Refuses one the engine could not judge by, or that says what nobody can mean, saying why."""
    try:
        whole = EnginePolicy.from_dict({kind: body}).to_dict()[kind]
    except (PolicyError, Inconsistent, TypeError, ValueError) as error:
        raise Refused(_("These numbers cannot be judged by: %(reason)s") % {"reason": said(error)}, code="bad_policy") from error
    wrong = faults(whole) if kind == Policy.Kind.CREDIT else []
    if wrong:
        raise Refused(
            _("These numbers cannot be judged by: %(reason)s") % {"reason": " ".join(fault_words(fault, whole) for fault in wrong)},
            code="bad_policy",
        )
    return whole


@transaction.atomic
def draft(*, source: Policy, by, account_kind: str | None = None) -> Policy:
    """A draft with the numbers of `source`. There is one version on its way per kind and kind of account: an open one is returned as it is."""
    scope = source.account_kind if account_kind is None else account_kind
    if scope and source.kind == Policy.Kind.WARNING:
        raise Refused(_("The early warning is the same for every kind of account."), code="no_scope")
    open_version = Policy.objects.select_for_update().open().filter(kind=source.kind, account_kind=scope).first()
    if open_version is not None:
        return open_version
    made = Policy.objects.create(kind=source.kind, account_kind=scope, version=_next_version(source.kind), body=source.body, made_by=by)
    record(by=by, did="drafted a policy", on=made, source=source.version)
    return made


@transaction.atomic
def edit(*, policy: Policy, body: dict, note: str, by) -> Policy:
    """New numbers for a draft; what was simulated with other numbers is a draft again. Raises `Refused` for a published one and for numbers
    that cannot be judged by."""
    body = check(kind=policy.kind, body=body)
    state = F("state") if body == policy.body else Value(State.DRAFT)
    changed = Policy.objects.filter(pk=policy.pk, state__in=EDITABLE).update(body=body, note=note, state=state, decision="")
    if not changed:
        raise AlreadyDone(_no_draft())
    policy.refresh_from_db()
    record(by=by, did="edited a policy", on=policy)
    return policy


def mark_simulated(*, policy_id: int, body: dict) -> bool:
    """A draft whose numbers are still those simulated may be submitted now."""
    return bool(Policy.objects.filter(pk=policy_id, state=State.DRAFT, body=body).update(state=State.SIMULATED))


@transaction.atomic
def submit(*, policy: Policy, valid_from: dt.date, by, at: dt.datetime) -> Policy:
    """Hand a simulated version to an approver, to be in force from a day on. The early warning needs no simulation."""
    check(kind=policy.kind, body=policy.body)
    if policy.state == State.DRAFT and policy.kind in SIMULATED_FIRST:
        raise Refused(_("Simulate it first: an approver decides by what it would move."), code="not_simulated")
    _check_day(policy, valid_from)
    moved = Policy.objects.filter(pk=policy.pk, state__in=EDITABLE).update(
        state=State.SUBMITTED, submitted_by=by, submitted_at=at, valid_from=valid_from, decision=""
    )
    if not moved:
        raise AlreadyDone(_no_draft())
    policy.refresh_from_db()
    record(by=by, did="submitted a policy", on=policy, version=policy.version, valid_from=valid_from.isoformat())
    return policy


@transaction.atomic
def withdraw(*, policy: Policy, by) -> Policy:
    """Take a submitted version back to change it."""
    if not Policy.objects.filter(pk=policy.pk, state=State.SUBMITTED).update(state=State.DRAFT, submitted_by=None, submitted_at=None):
        raise AlreadyDone(_not_waiting())
    policy.refresh_from_db()
    record(by=by, did="withdrew a policy", on=policy, version=policy.version)
    return policy


@transaction.atomic
def refuse(*, policy: Policy, reason: str, by) -> Policy:
    """Send a submitted version back with the reason. It is a draft again."""
    _check_approver(policy, by)
    if not reason.strip():
        raise Refused(_("Say why: whoever made this version will read it."), code="reason_missing")
    if not Policy.objects.filter(pk=policy.pk, state=State.SUBMITTED).update(
        state=State.DRAFT, decided_by=by, decision=reason.strip()[:300]
    ):
        raise AlreadyDone(_not_waiting())
    policy.refresh_from_db()
    record(by=by, did="refused a policy", on=policy, version=policy.version, reason=reason.strip()[:300])
    return policy


@transaction.atomic
def approve(*, policy: Policy, by, at: dt.datetime, reason: str = "") -> Policy:
    """Put a submitted version in force from its day on; the version of that day ends there. Runs as of that day or later judge by it;
    nothing is judged anew by itself. Raises `Refused` for the author's own version."""
    list(Policy.objects.select_for_update().filter(kind=policy.kind, account_kind=policy.account_kind).values_list("pk"))
    policy.refresh_from_db()
    if policy.state != State.SUBMITTED:
        raise AlreadyDone(_not_waiting())
    _check_approver(policy, by)
    check(kind=policy.kind, body=policy.body)
    if policy.valid_from is None:
        raise Refused(_("Choose the day from which it shall be in force."), code="no_day")
    _check_day(policy, policy.valid_from)
    siblings = Policy.objects.filter(kind=policy.kind, account_kind=policy.account_kind)
    before = siblings.in_force_on(policy.valid_from).first()
    until = before and before.valid_until
    if before is not None:
        siblings.filter(pk=before.pk).update(state=State.RETIRED, valid_until=policy.valid_from)
    siblings.filter(pk=policy.pk).update(
        state=State.PUBLISHED, decided_by=by, decision=reason.strip()[:300], published_at=at, valid_until=until
    )
    policy.refresh_from_db()
    record(by=by, did="published a policy", on=policy, retired=before and before.version, valid_from=policy.valid_from.isoformat())
    return policy


@transaction.atomic
def bring_back(*, policy: Policy, valid_from: dt.date, by, at: dt.datetime) -> Policy:
    """An older version's numbers as a new version, handed to an approver at once: they were in force before. Raises `Refused` when that
    version is in force or still open, or while another version is on its way."""
    if policy.state != State.RETIRED:
        raise Refused(_("Only a retired version can be brought back; this one is in force or not published yet."))
    other = Policy.objects.open().filter(kind=policy.kind, account_kind=policy.account_kind).first()
    if other is not None:
        raise Refused(_("Version %(version)s is on its way. Throw it away or have it decided first.") % {"version": other.version})
    _check_day(policy, valid_from)
    made = Policy.objects.create(
        kind=policy.kind, account_kind=policy.account_kind, version=_next_version(policy.kind), body=policy.body, made_by=by,
        state=State.SUBMITTED, submitted_by=by, submitted_at=at, valid_from=valid_from,
        note=_("Brought back from version %(version)s") % {"version": policy.version},
    )  # fmt: skip
    record(by=by, did="submitted a policy", on=made, version=made.version, valid_from=valid_from.isoformat())
    return made


@transaction.atomic
def drop(*, policy: Policy, by):
    """Throw a version away that was not submitted."""
    record(by=by, did="dropped a policy draft", on=policy, version=policy.version)
    deleted, _rows = Policy.objects.filter(pk=policy.pk, state__in=EDITABLE).delete()
    if not deleted:
        raise AlreadyDone(_("This version is no draft any more."))


def _check_approver(policy, by):
    if by.pk in (policy.made_by_id, policy.submitted_by_id):
        raise Refused(_("Nobody decides their own version: ask another supervisor or an administrator."), code="own_policy")


def _check_day(policy, day):
    """A version may not begin before one that was in force already: what runs were judged by stays so."""
    latest = Policy.objects.last().filter(kind=policy.kind, account_kind=policy.account_kind, valid_from__gt=day).first()
    if latest is not None:
        raise Refused(
            _("Version %(version)s is in force from %(day)s; choose that day or a later one.")
            % {"version": latest.version, "day": latest.valid_from},
            code="too_early",
        )


def _no_draft():
    return _("This version is no draft any more: start a new draft from it.")


def _not_waiting():
    return _("This version does not wait for a decision any more; reload the page to see where it stands.")


def _next_version(kind):
    return (Policy.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0) + 1
