"""Watch, work on, propose, decide, drop; and the register of large customers."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from marketing.development.models import Candidate, LargeCustomer, Prospect, ProspectNote
from marketing.development.rules import OPEN, STEPS

State = Prospect.State


@transaction.atomic
def watch(*, account, by, at, owner=None, next_action="", next_on=None) -> Prospect:
    """Put an account on the watch list, with the evidence of now. The owner is the account's manager where none is named."""
    _looked_after(account, by)
    if LargeCustomer.objects.standing().filter(account=account).exists():
        raise Refused(_("Account %(number)s is a large customer already.") % {"number": account.number}, code="already_large")
    candidate = Candidate.objects.filter(account=account).first()
    owner = owner or account.manager or by
    _may_own(owner, account)
    try:
        with transaction.atomic():
            prospect = Prospect.objects.create(
                account=account, owner=owner, evidence=(candidate.evidence | {"strength": candidate.strength}) if candidate else {},
                next_action=next_action, next_on=next_on, added_by=by, added_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_open_prospect_per_account" not in str(error):
            raise
        raise AlreadyDone(_("Account %(number)s is on the watch list already.") % {"number": account.number}) from error
    record(by=by, did="watched a prospect", on=prospect, owner=str(owner))
    return prospect


@transaction.atomic
def move(*, prospect, to, by, at) -> Prospect:
    """One step of the work, forwards or back."""
    prospect = _lock(prospect, by)
    if to not in STEPS.get(prospect.state, ()):
        raise Refused(
            _("From “%(now)s” it cannot go to “%(to)s”; reload the page to see its next steps.")
            % {"now": prospect.get_state_display(), "to": State(to).label},
            code="no_such_step",
        )
    Prospect.objects.filter(pk=prospect.pk).update(state=to)
    record(by=by, did="moved a prospect", on=prospect, state=to)
    prospect.refresh_from_db()
    return prospect


@transaction.atomic
def plan(*, prospect, next_action, next_on, by, owner=None) -> Prospect:
    """What is done next, when, by whom."""
    prospect = _lock(prospect, by)
    owner = owner or prospect.owner
    _may_own(owner, prospect.account)
    Prospect.objects.filter(pk=prospect.pk).update(next_action=next_action, next_on=next_on, owner=owner)
    record(by=by, did="planned for a prospect", on=prospect, action=next_action, day=next_on and next_on.isoformat(), owner=str(owner))
    prospect.refresh_from_db()
    return prospect


@transaction.atomic
def note(*, prospect, text, by, at) -> ProspectNote:
    prospect = _lock(prospect, by)
    if not text.strip():
        raise Refused(_("Write something to note."), code="empty")
    made = ProspectNote.objects.create(prospect=prospect, by=by, at=at, text=text.strip())
    record(by=by, did="noted on a prospect", on=prospect, text=made.text[:200])
    return made


@transaction.atomic
def propose(*, prospect, reason, by, at) -> Prospect:
    """Ask a supervisor to take the account into the list of large customers."""
    prospect = _lock(prospect, by)
    if not reason.strip():
        raise Refused(_("Say why: the supervisor reads this first."), code="reason_missing")
    if prospect.state == State.PROPOSED:
        raise AlreadyDone(_("It is proposed already, by %(who)s.") % {"who": prospect.proposed_by})
    Prospect.objects.filter(pk=prospect.pk).update(
        state=State.PROPOSED, proposed_by=by, proposed_at=at, reason=reason.strip(), decided_by=None, decided_at=None, decision_reason=""
    )
    record(by=by, did="proposed a prospect", on=prospect, reason=reason.strip())
    prospect.refresh_from_db()
    return prospect


@transaction.atomic
def approve(*, prospect, by, at, note="") -> LargeCustomer:
    """The supervisor's yes: the account is a large customer from today on. Nobody decides their own proposal."""
    prospect = _lock_for_decision(prospect, by)
    Prospect.objects.filter(pk=prospect.pk).update(state=State.PROMOTED, decided_by=by, decided_at=at, decision_reason=note)
    source = _("Promoted from the watch list: %(why)s") % {"why": prospect.reason}
    large = _enter(account=prospect.account, starts_on=at.date(), source=source[:200], prospect=prospect, by=by)
    record(by=by, did="promoted a prospect", on=prospect, note=note)
    return large


@transaction.atomic
def refuse(*, prospect, by, at, reason) -> Prospect:
    """The supervisor's no: the work goes on."""
    prospect = _lock_for_decision(prospect, by)
    if not reason.strip():
        raise Refused(_("Say why: the manager will read it."), code="reason_missing")
    Prospect.objects.filter(pk=prospect.pk).update(state=State.DEVELOPING, decided_by=by, decided_at=at, decision_reason=reason.strip())
    record(by=by, did="refused a prospect", on=prospect, reason=reason.strip())
    prospect.refresh_from_db()
    return prospect


@transaction.atomic
def drop(*, prospect, reason, by, at) -> Prospect:
    """Off the watch list, with the reason."""
    prospect = _lock(prospect, by)
    if not reason.strip():
        raise Refused(_("Say why it is dropped: whoever meets the account again will read it."), code="reason_missing")
    Prospect.objects.filter(pk=prospect.pk).update(state=State.DROPPED, reason=reason.strip(), decided_by=by, decided_at=at)
    record(by=by, did="dropped a prospect", on=prospect, reason=reason.strip())
    prospect.refresh_from_db()
    return prospect


@transaction.atomic
def enter(*, account, starts_on, source, by, on) -> LargeCustomer:
    """Into the register without the watch list: an account that has long been large. `source` says by whose list. Raises `Refused` for one that
    somebody develops: it is promoted, so that its history stays in one place."""
    if not source.strip():
        raise Refused(_("Say by whose list or which papers it is a large customer."), code="source_missing")
    if starts_on > on:
        raise Refused(_("It cannot be a large customer since a day to come: choose today or an earlier day."), code="day_to_come")
    watched = Prospect.objects.open().filter(account=account).select_related("owner").first()
    if watched is not None:
        raise Refused(
            _("Account %(number)s is on the watch list of %(owner)s: have it proposed and approved there.")
            % {"number": account.number, "owner": watched.owner},
            code="watched",
        )
    return _enter(account=account, starts_on=starts_on, source=source.strip(), prospect=None, by=by)


@transaction.atomic
def end(*, large, reason, by, at) -> LargeCustomer:
    """No large customer any more."""
    if not reason.strip():
        raise Refused(_("Say why it ends."), code="reason_missing")
    day = max(at.date(), large.starts_on)
    if not LargeCustomer.objects.standing().filter(pk=large.pk).update(ends_on=day, ended_why=reason.strip()):
        raise AlreadyDone(_("It has ended already."))
    record(by=by, did="ended a large customer", on=large, reason=reason.strip())
    large.refresh_from_db()
    return large


def _enter(*, account, starts_on, source, prospect, by):
    try:
        with transaction.atomic():
            large = LargeCustomer.objects.create(account=account, starts_on=starts_on, source=source, prospect=prospect, entered_by=by)
    except IntegrityError as error:
        if "a_large_customer_stands_once" not in str(error):
            raise
        raise AlreadyDone(_("Account %(number)s is a large customer already.") % {"number": account.number}) from error
    record(by=by, did="entered a large customer", on=large, since=starts_on.isoformat(), source=source)
    return large


def _looked_after(account, by):
    if not Account.objects.looked_after_by(by).filter(pk=account.pk).exists():
        raise Refused(
            _("Only who looks after account %(number)s can do this: ask its manager.") % {"number": account.number}, code="not_yours"
        )


def _may_own(owner, account):
    if not owner.has_perm("marketing.develop") or not Account.objects.visible_to(owner).filter(pk=account.pk).exists():
        raise Refused(
            _("%(who)s cannot look after this account: choose a manager or supervisor who sees it.") % {"who": owner}, code="bad_owner"
        )


def _lock(prospect, by):
    """The prospect, still open, for its owner or whoever looks after the account."""
    locked = Prospect.objects.select_for_update(of=("self",)).select_related("account__manager", "owner", "proposed_by").get(pk=prospect.pk)
    if locked.owner_id != by.pk:
        _looked_after(locked.account, by)
    if locked.state not in OPEN:
        raise AlreadyDone(_("It is “%(state)s” already.") % {"state": locked.get_state_display()})
    return locked


def _lock_for_decision(prospect, by):
    locked = Prospect.objects.select_for_update(of=("self",)).select_related("account", "proposed_by").get(pk=prospect.pk)
    if locked.proposed_by_id == by.pk:
        raise Refused(_("Nobody decides their own proposal: ask another supervisor."), code="own_proposal")
    if locked.state != State.PROPOSED:
        raise AlreadyDone(_("It is “%(state)s” already.") % {"state": locked.get_state_display()})
    return locked
