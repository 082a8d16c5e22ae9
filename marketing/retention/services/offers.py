"""What was offered, and what the customer said to it."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from marketing.retention.models import Offer

State = Offer.State


@transaction.atomic
def log(*, plan, kind, what, cost_yuan, offered_on, by, at):
    """An offer of a plan under way; the answer follows. Refuses a day to come or before the plan."""
    _check_hands(plan, by)
    if not plan.is_open:
        raise Refused(_("This plan has ended: offers belong to a plan under way."), code="ended")
    if not plan.started_at.date() <= offered_on <= at.date():
        raise Refused(_("An offer is dated between the start of the plan and today."), code="day")
    if cost_yuan < 0:
        raise Refused(_("A cost is not below zero."), code="cost")
    offer = Offer.objects.create(plan=plan, kind=kind, what=what.strip(), cost_yuan=cost_yuan, offered_on=offered_on, by=by, at=at)
    record(by=by, did="offered", on=offer, account=plan.account, what=offer.what, cost=f"{cost_yuan:,.2f}")
    return offer


@transaction.atomic
def answer(*, offer, accepted, answered_on, reason, by, at):
    """The customer's yes or no; a no with its reason. The first answer stands."""
    _check_hands(offer.plan, by)
    if not offer.offered_on <= answered_on <= at.date():
        raise Refused(_("An answer is dated between the offer and today."), code="day")
    if not accepted and not reason.strip():
        raise Refused(_("Say why the customer refused: it is what the next offer can be made from."), code="reason_missing")
    state = State.ACCEPTED if accepted else State.REFUSED
    waiting = Offer.objects.filter(pk=offer.pk, state=State.PENDING)
    if not waiting.update(state=state, answered_on=answered_on, reason=reason.strip()):
        raise AlreadyDone(_("This offer is answered already. Reload the page to see it."))
    did = "offer accepted" if accepted else "offer refused"
    record(by=by, did=did, on=offer, account=offer.plan.account, what=offer.what, reason=reason)
    offer.refresh_from_db()
    return offer


def _check_hands(plan, by):
    if not Account.objects.looked_after_by(by).filter(pk=plan.account_id).exists():
        raise Refused(_("Only who looks after the account logs its offers."), code="not_yours")
