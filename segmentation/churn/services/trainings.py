"""A training is a row: asked for, claimed by a worker, told about as it goes, picked up where a worker died."""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.churn.learning import Cancelled, NotYet, learn
from segmentation.churn.models import OUTCOMES, ChurnTerms, ModelText, RiskModel
from segmentation.engine.churn import CannotLearn

log = logging.getLogger(__name__)
State = RiskModel.State
MAX_ATTEMPTS, SILENT = 3, dt.timedelta(minutes=10)
CANDIDATES = ("logistic", "forest", "boosted")
LOCK = 7_031_982
Clock = Callable[[], dt.datetime]


@transaction.atomic
def ask(
    *,
    by,
    at: dt.datetime,
    outcomes=OUTCOMES,
    months: int | None = None,
    until: dt.date | None = None,
    candidates=CANDIDATES,
    seed: int = 42,
) -> RiskModel:
    """A training that waits for a worker. Raises `Refused` while another is unfinished, or for what cannot be asked."""
    terms, today = ChurnTerms.objects.in_force(), timezone.localtime(at).date()
    if not outcomes or not candidates:
        raise Refused(_("Choose at least one outcome and one kind of model."), code="nothing_asked")
    if until and until > today:
        raise Refused(
            _("The data end today; a training cannot go to %(day)s. Choose today or an earlier day.") % {"day": until}, code="future"
        )
    with connection.cursor() as db:
        db.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    if (other := RiskModel.objects.unfinished().first()) is not None:
        raise AlreadyDone(_("Training %(number)s is not finished yet. Wait until it is done, or cancel it.") % {"number": other.pk})
    parameters = {
        "outcomes": list(outcomes), "candidates": list(candidates), "seed": seed, "months": months or terms.months,
        "until": (until or today).isoformat(), "horizon_days": terms.horizon_days, "min_leavers": terms.min_leavers,
    }  # fmt: skip
    model = RiskModel.objects.create(asked_by=by, asked_at=at, parameters=parameters)
    record(by=by, did="asked for a training", on=model, until=parameters["until"])
    return model


@transaction.atomic
def cancel(*, model: RiskModel, by, at: dt.datetime) -> RiskModel:
    """Stop a training before it is done. One at work stops at its next step."""
    if not RiskModel.objects.unfinished().filter(pk=model.pk).update(state=State.CANCELLED, finished_at=at):
        raise AlreadyDone(_("Training %(number)s is finished; there is nothing to cancel.") % {"number": model.pk})
    model.refresh_from_db()
    record(by=by, did="cancelled a training", on=model)
    return model


def claim_and_train(*, model_id: int, clock: Clock) -> RiskModel | None:
    """Do a waiting training. None when it is not waiting any more, or another is at work."""
    model = _claim(model_id, clock())
    if model is None:
        return None
    try:
        trained = learn(model=model, tell=lambda stage, done: _tell(model.pk, stage, done, clock()))
    except Cancelled:
        log.info("training %s was cancelled", model.pk)
    except NotYet as error:
        _end(model, State.REFUSED, clock(), error=f"{error.code}\n")
    except CannotLearn as error:
        log.warning("training %s is refused (%s): %s; the rule-based warning stays", model.pk, error.code, error)
        _end(model, State.REFUSED, clock(), error=f"{error.code}\n{error}")
    except Exception as error:
        log.exception("training %s broke at %s", model.pk, model.stage)
        again = model.attempts < MAX_ATTEMPTS
        _end(model, State.WAITING if again else State.FAILED, None if again else clock(), error=f"broke\n{type(error).__name__}: {error}")
    else:
        _keep(model, trained, clock())
    model.refresh_from_db()
    return model


def _claim(model_id, at):
    if RiskModel.objects.filter(state=State.RUNNING).exclude(pk=model_id).exists():
        return None
    claimed = RiskModel.objects.filter(pk=model_id, state=State.WAITING, attempts__lt=MAX_ATTEMPTS).update(
        state=State.RUNNING, attempts=F("attempts") + 1, started_at=at, heartbeat_at=at, stage="", done=0, error=""
    )
    return RiskModel.objects.get(pk=model_id) if claimed else None


def _tell(model_id, stage, done, at):
    if not RiskModel.objects.filter(pk=model_id, state=State.RUNNING).update(stage=stage[:40], done=done, heartbeat_at=at):
        raise Cancelled(model_id)


@transaction.atomic
def _keep(model, trained, at):
    ModelText.objects.update_or_create(model=model, defaults={"body": trained.text})
    if not RiskModel.objects.filter(pk=model.pk, state=State.RUNNING).update(
        state=State.TRAINED, finished_at=at, card=trained.card, code_version=trained.code_version, stage="", done=100
    ):
        raise Cancelled(model.pk)
    for outcome, why in trained.card.get("refused", {}).items():
        log.warning("training %s leaves %s to the rules: %s", model.pk, outcome, why["message"])
    record(by=model.asked_by, did="trained a risk model", on=model, ap=trained.card["any"].get("ap"))


def _end(model, state, at, *, error):
    RiskModel.objects.filter(pk=model.pk, state=State.RUNNING).update(state=state, finished_at=at, error=error)


def sweep(*, at: dt.datetime) -> int | None:
    """The training a worker should take up now, if any: one waiting, or one whose worker has been silent."""
    silent = RiskModel.objects.filter(state=State.RUNNING, heartbeat_at__lt=at - SILENT)
    silent.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, finished_at=at, error="died\n")
    silent.update(state=State.WAITING)
    RiskModel.objects.filter(state=State.WAITING, attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, finished_at=at)
    if RiskModel.objects.filter(state=State.RUNNING).exists():
        return None
    return RiskModel.objects.filter(state=State.WAITING).order_by("id").values_list("pk", flat=True).first()
