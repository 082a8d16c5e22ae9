"""A model of leaving for a synthetic utility: asked for by its analyst, trained, proposed, and put in force by its supervisor.

It learns up to a day in the past, so that runs as of that day and later say what it would have said, and its card soon tells how many each
band held.
"""

import datetime as dt
from pathlib import Path

from django.conf import settings

from crm.accounts.models import Account
from crm.demo.sign_ins import LOGINS
from crm.people.errors import Refused
from crm.people.models import User
from crm.people.roles import Role
from segmentation.churn import services, words
from segmentation.churn.models import RiskModel
from segmentation.lake.services import sync
from segmentation.lake.session import attach_facts, lake, open_session

CANDIDATES = ("logistic", "boosted")  # a forest takes longer than both and has not been the best of them on this utility


def only_synthetic() -> bool:
    return not Account.objects.filter(is_synthetic=False).exists()


def create(*, until: dt.date, clock) -> tuple[RiskModel | None, str]:
    """(the model in force, "") or (what was trained, why it is not in force); nothing where there are models, or nobody to ask for one."""
    people = {role: User.objects.filter(username=LOGINS[role]).first() for role in (Role.ANALYST, Role.SUPERVISOR)}
    if RiskModel.objects.exists() or None in people.values():
        return None, "there is a model already, or no analyst and supervisor of the demonstration"
    with open_session(of=lake(), spill_to=Path(settings.VAR_DIR)) as session:
        attach_facts(session)
        sync(session=session, lake=lake(), at=clock())
    asked = services.ask(by=people[Role.ANALYST], at=clock(), until=until, candidates=CANDIDATES)
    model = services.claim_and_train(model_id=asked.pk, clock=clock)
    if model is None or not model.is_learned:
        return model, words.error(model) if model else "it was taken up by somebody else"
    try:
        services.propose(model=model, by=people[Role.ANALYST])
        services.promote(model=model, by=people[Role.SUPERVISOR], at=clock())
    except Refused as refusal:
        return model, str(refusal)
    return model, ""
