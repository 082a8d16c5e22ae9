"""Draft, publish, bring back: policies change by new versions only."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.engine.policy import Policy as EnginePolicy
from segmentation.engine.policy import PolicyError
from segmentation.engine.weights import Inconsistent
from segmentation.policies.models import Policy
from segmentation.policies.refusals import said

KINDS = [kind.value for kind in Policy.Kind]


def in_force() -> dict[str, Policy]:
    """The published policy of each kind, by kind; a kind without one is judged by the engine's default."""
    return {policy.kind: policy for policy in Policy.objects.filter(state=Policy.State.PUBLISHED)}


def engine_policy(*, policies: dict[str, Policy | None]) -> EnginePolicy:
    """What the engine judges by, from stored policies by kind. Raises `PolicyError`, `Inconsistent`."""
    return EnginePolicy.from_dict({kind: policy.body for kind, policy in policies.items() if policy is not None})


def check(*, kind: str, body: dict):
    """Refuse a body the engine could not judge by, naming the key."""
    try:
        EnginePolicy.from_dict({kind: body})
    except (PolicyError, Inconsistent, TypeError, ValueError) as error:
        raise Refused(_("These numbers cannot be judged by: %(reason)s") % {"reason": said(error)}, code="bad_policy") from error


@transaction.atomic
def draft(*, source: Policy, by) -> Policy:
    """A draft with the numbers of `source`. There is one draft of a kind: an open one is returned as it is."""
    open_draft = Policy.objects.select_for_update().filter(kind=source.kind, state=Policy.State.DRAFT).first()
    if open_draft is not None:
        return open_draft
    made = Policy.objects.create(kind=source.kind, version=_next_version(source.kind), body=source.body, made_by=by)
    record(by=by, did="drafted a policy", on=made, source=source.version)
    return made


@transaction.atomic
def edit(*, policy: Policy, body: dict, note: str, by) -> Policy:
    """New numbers for a draft. Raises `Refused` for a published one and for numbers that cannot be judged by."""
    check(kind=policy.kind, body=body)
    changed = Policy.objects.filter(pk=policy.pk, state=Policy.State.DRAFT).update(body=body, note=note)
    if not changed:
        raise AlreadyDone(_("This version is no draft any more: start a new draft from it."))
    policy.refresh_from_db()
    record(by=by, did="edited a policy", on=policy)
    return policy


@transaction.atomic
def publish(*, policy: Policy, by, at: dt.datetime) -> Policy:
    """Put a draft in force and retire the version before. The next run judges by it; nothing is judged anew by itself."""
    check(kind=policy.kind, body=policy.body)
    list(Policy.objects.select_for_update().filter(kind=policy.kind).values_list("pk"))
    retired = Policy.objects.filter(kind=policy.kind, state=Policy.State.PUBLISHED).first()
    if retired is not None and retired.pk != policy.pk:
        Policy.objects.filter(pk=retired.pk).update(state=Policy.State.RETIRED)
    if not Policy.objects.filter(pk=policy.pk, state=Policy.State.DRAFT).update(state=Policy.State.PUBLISHED, published_at=at):
        raise AlreadyDone(_("This version was published or dropped already; reload the page to see what is in force."))
    policy.refresh_from_db()
    record(by=by, did="published a policy", on=policy, retired=retired and retired.version)
    return policy


@transaction.atomic
def bring_back(*, policy: Policy, by, at: dt.datetime) -> Policy:
    """Publish an older version's numbers as a new version. Raises `Refused` when that version is in force or still a draft."""
    if policy.state != Policy.State.RETIRED:
        raise Refused(_("Only a retired version can be brought back; this one is in force or still a draft."))
    made = Policy.objects.create(
        kind=policy.kind,
        version=_next_version(policy.kind),
        body=policy.body,
        made_by=by,
        note=_("Brought back from version %(version)s") % {"version": policy.version},
    )
    return publish(policy=made, by=by, at=at)


@transaction.atomic
def drop(*, policy: Policy, by):
    """Throw a draft away."""
    record(by=by, did="dropped a policy draft", on=policy, version=policy.version)
    deleted, _rows = Policy.objects.filter(pk=policy.pk, state=Policy.State.DRAFT).delete()
    if not deleted:
        raise AlreadyDone(_("This version is no draft any more."))


def _next_version(kind):
    return (Policy.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0) + 1
