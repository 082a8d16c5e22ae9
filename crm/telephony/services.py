"""What telephone systems tell, what a call opens, and who may tell."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.telephony.models import Call, Integration, Line
from crm.telephony.phones import digits_of, local_part, occurs_in
from crm.webhooks import signing

SHORTEST_NUMBER = 7
MOST_MATCHES = 8
LOOKED_AT = 40


@dataclass(frozen=True)
class Told:
    """One message of a telephone system. `at`: when it happened there, by its clock or ours."""

    call_id: str
    phone: str
    line: str
    state: str
    at: object


@transaction.atomic
def hear(*, integration, told: Told) -> tuple[Call, bool]:
    """Note a call or how it went on; (the call, whether it is new). The same message again changes nothing; a call never goes back a state."""
    call = Call.objects.filter(integration=integration, call_id=told.call_id).first()
    if call is None:
        call, is_new = _first_heard(integration, told)
        if is_new:
            return call, True
    _went_on(call, told)
    call.refresh_from_db()
    return call, False


def _first_heard(integration, told):
    line = Line.objects.filter(code=told.line, person__is_active=True).select_related("person").first() if told.line else None
    matches = [account.pk for account in accounts_of(phone=told.phone)]
    call = Call(
        integration=integration, call_id=told.call_id, phone=told.phone, line=told.line, agent=line.person if line else None,
        matches=matches, account_id=matches[0] if len(matches) == 1 else None, rang_at=told.at, **_stamps(told),
    )  # fmt: skip
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        return Call.objects.get(integration=integration, call_id=told.call_id), False
    return call, True


def _stamps(told):
    stamps = {"state": told.state}
    if told.state != Call.State.RINGING:
        stamps["answered_at" if told.state == Call.State.ANSWERED else "ended_at"] = told.at
    return stamps


def _went_on(call, told):
    same = Call.objects.filter(pk=call.pk)
    if told.state == Call.State.ANSWERED:
        same.filter(state=Call.State.RINGING).update(state=told.state, answered_at=told.at)
    elif told.state == Call.State.ENDED:
        same.exclude(state=Call.State.ENDED).update(state=told.state, ended_at=told.at)
    if told.line and told.line != call.line:  # put through to somebody else
        line = Line.objects.filter(code=told.line, person__is_active=True).first()
        if line is not None and line.person_id != call.agent_id:
            same.update(line=told.line, agent=line.person_id, popped_at=None, put_away_at=None)


def accounts_of(*, phone: str) -> list[Account]:
    """Accounts that this phone is written with (the customer's or a contact's), supplied ones first; a landline also without its area code."""
    digits = digits_of(phone)
    found = _written_with(digits)
    return found or _written_with(local_part(digits))


def _written_with(digits):
    if len(digits) < SHORTEST_NUMBER:
        return []
    near = Account.objects.filter(search_personal__contains=digits).order_by()[:LOOKED_AT]
    exact = [account for account in near if occurs_in(digits, account.search_personal)]
    return sorted(exact, key=lambda account: (account.status == Account.Status.CLOSED, account.number))[:MOST_MATCHES]


@transaction.atomic
def pop(*, call, by, at) -> bool:
    """True for the one tab that may open the call; every other, and every later one, gets False."""
    return bool(Call.objects.filter(pk=call.pk, agent=by, popped_at=None, ended_at=None).update(popped_at=at))


@transaction.atomic
def put_away(*, call, by, at) -> None:
    """Off the screen of the person who takes it. Twice is as good as once."""
    Call.objects.filter(pk=call.pk, agent=by, put_away_at=None).update(put_away_at=at)


@transaction.atomic
def choose(*, call, account, by) -> Call:
    """Say which account a caller speaks about; may be said again."""
    call.account = account
    call.save(update_fields=["account"])
    record(by=by, did="named the caller's account", on=call, number=account.number)
    return call


@transaction.atomic
def connect(*, code, name, by, at) -> Integration:
    """Let a telephone system tell of calls. Its secret is told by whoever shows this answer, once."""
    if Integration.objects.filter(code=code).exists():
        raise Refused(_("There is already a telephone system called %(code)s: choose another code.") % {"code": code}, code="code_taken")
    made = Integration.objects.create(code=code, name=name, created_by=by, created_at=at)
    record(by=by, did="connected telephony", on=made, code=code)
    return made


@transaction.atomic
def renew_secret(*, integration, by, at) -> str:
    """A new secret; the one before it opens for a day. Returns the new one."""
    integration.nonce_before, integration.nonce, integration.renewed_at = integration.nonce, signing.new_nonce(), at
    integration.save(update_fields=["nonce", "nonce_before", "renewed_at"])
    record(by=by, did="renewed secret", on=integration, name=integration.name)
    return integration.secrets(at)[0]


@transaction.atomic
def set_active(*, integration, active, by) -> Integration:
    """Shut out a telephone system, or let it in again."""
    if not Integration.objects.filter(pk=integration.pk, is_active=not active).update(is_active=active):
        raise AlreadyDone(_("Nothing to change: “%(name)s” is so already.") % {"name": integration.name})
    record(by=by, did="let in telephony" if active else "shut out telephony", on=integration, name=integration.name)
    integration.refresh_from_db()
    return integration


@transaction.atomic
def give_line(*, code, person, by) -> Line:
    """This extension or agent code is this person's; whoever had it, and whatever they had, loses it."""
    if not person.is_active or not person.has_perm("crm.take_calls"):
        raise Refused(
            _("%(who)s does not take calls: choose an agent, a manager or a supervisor.") % {"who": person}, code="takes_no_calls"
        )
    Line.objects.filter(code=code).exclude(person=person).delete()
    line, _made = Line.objects.update_or_create(person=person, defaults={"code": code})
    record(by=by, did="gave line", on=person, code=code, name=str(person))
    return line


@transaction.atomic
def take_line(*, line, by) -> None:
    record(by=by, did="took line", on=line.person, code=line.code, name=str(line.person))
    line.delete()
