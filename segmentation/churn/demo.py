"""A model of leaving for a synthetic utility, as people would come by it: the analyst asks, the training worker learns, the supervisor approves."""

import time

from crm.accounts.models import Account
from crm.demo.sign_ins import LOGINS
from crm.people.errors import Refused
from crm.people.models import User
from crm.people.roles import Role
from segmentation.churn import services, tasks, words
from segmentation.churn.models import RiskModel

CANDIDATES = ("logistic", "boosted")  # a forest takes as long as both and has not been the best of them on this utility
State = RiskModel.State


def only_synthetic() -> bool:
    return not Account.objects.filter(is_synthetic=False).exists()


def ask(*, at) -> RiskModel | None:
    """The first model of the demonstration, asked for if there is none yet; None without its analyst."""
    analyst = _known(Role.ANALYST)
    if (first := RiskModel.objects.order_by("pk").first()) or analyst is None:
        return first
    model = services.ask(by=analyst, at=at, candidates=CANDIDATES)
    tasks.train.delay(model.pk)
    return model


def wait_for(model, *, seconds: float):
    """Until it is trained, refused or given up. Whoever is stopped meanwhile loses nothing: the worker goes on, and it can be waited for again."""
    until = time.monotonic() + seconds
    while model.state in (State.WAITING, State.RUNNING) and time.monotonic() < until:
        time.sleep(1)
        model.refresh_from_db(fields=["state"])
    model.refresh_from_db()


def put_in_force(model, *, at) -> str:
    """Proposed and approved by two people; why not, or ""."""
    analyst, supervisor = _known(Role.ANALYST), _known(Role.SUPERVISOR)
    if not model.is_learned:
        return words.error(model) or str(model.get_state_display())
    try:
        if model.state == State.TRAINED:
            services.propose(model=model, by=analyst)
        if model.state == State.PROPOSED:
            services.promote(model=model, by=supervisor, at=at)
    except Refused as refusal:
        return str(refusal)
    return ""


def _known(role):
    return User.objects.filter(username=LOGINS[role], role=role).first()
