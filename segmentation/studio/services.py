"""Ask for a simulation, do it in a worker, take up what was lost. The row is the truth; the broker is only a bell."""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import Refused
from segmentation.engine.policy import PolicyError
from segmentation.engine.weights import Inconsistent
from segmentation.policies import services as policies
from segmentation.policies.models import Policy
from segmentation.runs.models import Run
from segmentation.studio.models import Simulation
from segmentation.studio.simulating import CannotSimulate, simulate

log = logging.getLogger(__name__)
STALE_AFTER = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 2
State = Simulation.State


@transaction.atomic
def ask(*, policy: Policy, by, at: dt.datetime) -> Simulation:
    """A simulation that waits for a worker: one already waiting is returned as it is. Raises `Refused` where there is nothing to simulate."""
    if policy.kind not in policies.SIMULATED_FIRST:
        raise Refused(
            _("The early warning is not simulated: it reads months, which runs do not keep. Submit it as it is."), code="not_simulated"
        )
    if not policy.is_open:
        raise Refused(_("This version was published; draft a new one from it and simulate that."), code="not_open")
    policies.check(kind=policy.kind, body=policy.body)
    run = Run.objects.in_force()
    if run is None:
        raise Refused(_("There is no run to simulate on yet. Recompute first, then simulate."), code="no_run")
    Policy.objects.select_for_update().get(pk=policy.pk)
    waiting = Simulation.objects.unfinished().filter(policy=policy).first()
    if waiting is not None:
        return waiting
    made = Simulation.objects.create(policy=policy, run=run, body=policy.body, asked_by=by, asked_at=at)
    record(by=by, did="simulated a policy", on=policy, version=policy.version, run=run.pk)
    return made


def work(*, simulation_id: int, clock: Callable[[], dt.datetime]) -> Simulation | None:
    """Do a waiting simulation. Safe to run twice: who claims it does it. None when there is nothing left to do."""
    claimed = Simulation.objects.filter(pk=simulation_id, state=State.WAITING).update(
        state=State.RUNNING, started_at=clock(), attempts=F("attempts") + 1, step=""
    )
    if not claimed:
        return None
    simulation = Simulation.objects.select_related("policy", "run__restores").get(pk=simulation_id)
    simulated = Policy(kind=simulation.policy.kind, account_kind=simulation.policy.account_kind, body=simulation.body)
    try:
        result, moves = simulate(policy=simulated, run=simulation.run, step=lambda step: _tell(simulation_id, step))
    except CannotSimulate as refusal:
        _close(simulation, State.REFUSED, clock(), problem=refusal.problem)
    except (PolicyError, Inconsistent) as refusal:
        _close(simulation, State.REFUSED, clock(), problem={"code": "bad_policy", "said": str(refusal)})
    except Exception as error:
        log.exception("simulation %s broke", simulation_id)
        _close(simulation, State.FAILED, clock(), problem={"code": "broke", "said": f"{type(error).__name__}: {error}"})
    else:
        _finish(simulation, result, moves, clock())
    simulation.refresh_from_db()
    return simulation


def _tell(simulation_id, step):
    Simulation.objects.filter(pk=simulation_id).update(step=step)


def _close(simulation, state, at, **more):
    return Simulation.objects.filter(pk=simulation.pk, state=State.RUNNING).update(state=state, finished_at=at, **more)


@transaction.atomic
def _finish(simulation, result, moves, at):
    if _close(simulation, State.DONE, at, result=result, moves=moves):
        policies.mark_simulated(policy_id=simulation.policy_id, body=simulation.body)


def sweep(*, at: dt.datetime) -> list[int]:
    """Simulations a worker should take up now: those that wait, and those whose worker died."""
    dead = Simulation.objects.filter(state=State.RUNNING, started_at__lt=at - STALE_AFTER)
    dead.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, finished_at=at, problem={"code": "died"})
    dead.update(state=State.WAITING)
    return list(Simulation.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True)[:20])
