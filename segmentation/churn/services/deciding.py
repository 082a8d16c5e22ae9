"""Which model is in force: proposed by one, approved by another, rolled back, retired."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.churn.models import RiskModel
from segmentation.engine.churn.measures import beats_the_rules

State = RiskModel.State


def may_promote(model: RiskModel) -> str:
    """Why a model may not be put in force, in words; empty when it may."""
    if not model.is_learned:
        return _("It was not trained to the end; there is nothing to put in force.")
    if not beats_the_rules(model.card):
        mine, rules = (model.card.get("any") or {}).get("ap") or 0, (model.card.get("rules") or {}).get("ap") or 0
        return _(
            "On the same later months the rule-based warning finds leavers better (average precision %(rules)s against %(mine)s). "
            "A model worse than the rules is not put in force: train on more months, or leave the rules."
        ) % {"rules": f"{rules:.3f}", "mine": f"{mine:.3f}"}
    return ""


@transaction.atomic
def propose(*, model: RiskModel, by) -> RiskModel:
    """Ask a second person to put it in force. Raises `Refused` for one worse than the rules."""
    if reason := may_promote(model):
        raise Refused(reason, code="not_promotable")
    _move(model, [State.TRAINED], State.PROPOSED, proposed_by=by)
    record(by=by, did="proposed a risk model", on=model)
    return model


@transaction.atomic
def promote(*, model: RiskModel, by, at: dt.datetime) -> RiskModel:
    """Put a proposed model in force in place of the one before. Another person than the one who proposed it decides."""
    model.refresh_from_db()
    if model.state == State.PROPOSED and model.proposed_by_id == by.pk:
        raise Refused(_("You proposed this model yourself. Somebody else decides whether it is put in force."), code="own_proposal")
    if reason := may_promote(model):
        raise Refused(reason, code="not_promotable")
    before = _step_down(at, except_for=model)
    _move(model, [State.PROPOSED], State.IN_FORCE, approved_by=by, in_force_since=at, retired_at=None, shadow=False)
    record(by=by, did="put a risk model in force", on=model, before=before)
    return model


@transaction.atomic
def refuse(*, model: RiskModel, by) -> RiskModel:
    """Send a proposal back; the model stays trained."""
    _move(model, [State.PROPOSED], State.TRAINED, proposed_by=None)
    record(by=by, did="sent a risk model back", on=model)
    return model


@transaction.atomic
def retire(*, model: RiskModel, by, at: dt.datetime) -> RiskModel:
    """Take it out of use. With none in force the rule-based warning judges from the next run on."""
    _move(model, [State.IN_FORCE, State.TRAINED, State.PROPOSED], State.RETIRED, retired_at=at, shadow=False)
    record(by=by, did="retired a risk model", on=model)
    return model


@transaction.atomic
def bring_back(*, model: RiskModel, by, at: dt.datetime) -> RiskModel:
    """Roll back: put a retired model that was in force once in force again."""
    model.refresh_from_db()
    if model.state != State.RETIRED or model.approved_by_id is None:
        raise Refused(_("Only a model that was in force once can be brought back; propose this one instead."))
    before = _step_down(at, except_for=model)
    _move(model, [State.RETIRED], State.IN_FORCE, in_force_since=at, retired_at=None)
    record(by=by, did="brought a risk model back", on=model, before=before)
    return model


@transaction.atomic
def set_shadow(*, model: RiskModel, shadow: bool, by) -> RiskModel:
    """Let a challenger score beside the one in force, unseen, or stop it."""
    changed = RiskModel.objects.filter(pk=model.pk, state__in=[State.TRAINED, State.PROPOSED]).update(shadow=shadow)
    if not changed:
        raise Refused(_("Only a trained model that is not in force can be scored in shadow."))
    model.refresh_from_db()
    record(by=by, did="scored a risk model in shadow" if shadow else "stopped the shadow of a risk model", on=model)
    return model


def _step_down(at, *, except_for):
    """Retires the one in force; its number, or None."""
    before = RiskModel.objects.select_for_update(of=("self",)).filter(state=State.IN_FORCE).exclude(pk=except_for.pk).first()
    if before is not None:
        RiskModel.objects.filter(pk=before.pk).update(state=State.RETIRED, retired_at=at)
    return before and before.pk


def _move(model, sources, target, **values):
    if not RiskModel.objects.filter(pk=model.pk, state__in=sources).update(state=target, **values):
        model.refresh_from_db()
        raise AlreadyDone(
            _("Model %(number)s is “%(state)s”; reload the page to see what can be done.")
            % {"number": model.pk, "state": model.get_state_display()}
        )
    model.refresh_from_db()
