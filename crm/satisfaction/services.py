"""Asking after closing, and what a customer's answer does."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.changes.services import touch
from crm.customers.models import Contact
from crm.engagement import services as engagement
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused
from crm.people.models import User
from crm.people.roles import Role
from crm.satisfaction.links import address_of
from crm.satisfaction.models import Survey
from crm.satisfaction.senders import NotSent, sender_for
from crm.tickets import services as tickets
from crm.tickets.models import State, Ticket, TicketNote

ASK_ABOUT_CLOSINGS_OF = dt.timedelta(days=1)
OPEN_FOR = dt.timedelta(days=14)
TRY_AGAIN_AFTER = (dt.timedelta(minutes=2), dt.timedelta(minutes=15), dt.timedelta(hours=2), dt.timedelta(hours=12))
DISSATISFIED = 2
NEVER_ASKED = ("whistle", "praise")
FOLLOW_UP_SPACE = uuid.UUID("5f0a7a52-8a35-4c0e-9a55-0f0f3b1f6d10")


@transaction.atomic
def ask_about_closed(*, at, limit=200) -> int:
    """A survey for every ticket closed lately that has none; returns how many. Not for whistle-blowing, praise, merged or imported tickets,
    nor where the customer already told the agent."""
    lately = Ticket.objects.filter(state=State.CLOSED, closed_at__gt=at - ASK_ABOUT_CLOSINGS_OF, closed_at__lte=at)
    asked = lately.filter(satisfaction=None, duplicate_of=None, external_id=None).exclude(kind__in=NEVER_ASKED)
    rows = asked.exclude(surveys__round=F("reopened_count")).select_related("account__customer").order_by("closed_at")[:limit]
    surveys = [
        Survey(ticket=ticket, round=ticket.reopened_count, created_at=at, send_at=at, expires_at=at + OPEN_FOR, **_way(ticket))
        for ticket in rows
    ]
    Survey.objects.bulk_create(surveys, ignore_conflicts=True)
    return len(surveys)


def _way(ticket):
    channel, _to = recipient_of(ticket)
    return {"channel": channel} if channel else {"state": Survey.State.UNREACHABLE}


def recipient_of(ticket) -> tuple[str, str]:
    """`(channel, number or address)`: the caller's phone, else the first contact's, else the customer's, else an e-mail address."""
    if ticket.caller_phone:
        return Survey.Channel.SMS, ticket.caller_phone
    if ticket.account_id is None:
        return "", ""
    contact = Contact.objects.filter(customer=ticket.account.customer_id).order_by("-is_primary", "pk").first()
    if phone := (contact and contact.phone) or ticket.account.customer.phone:
        return Survey.Channel.SMS, phone
    return (Survey.Channel.MAIL, contact.email) if contact and contact.email else ("", "")


def send_due(*, at, limit=100) -> int:
    """Send what waits; returns how many went out. Each is claimed first, so that two workers never send one twice; a failed one is tried
    again four times."""
    sent = 0
    for pk in list(Survey.objects.to_send(at).order_by("send_at").values_list("pk", flat=True)[:limit]):
        survey = _claimed(pk, at)
        sent += bool(survey) and _sent(survey, at)
    return sent


@transaction.atomic
def _claimed(pk, at):
    waiting = Survey.objects.to_send(at).filter(pk=pk).select_for_update(skip_locked=True, of=("self",))
    survey = waiting.select_related("ticket__account__customer").first()
    if survey is None:
        return None
    again = TRY_AGAIN_AFTER[min(survey.attempts, len(TRY_AGAIN_AFTER) - 1)]
    Survey.objects.filter(pk=pk).update(attempts=F("attempts") + 1, send_at=at + again)
    survey.attempts += 1
    return survey


def _sent(survey, at):
    channel, to = recipient_of(survey.ticket)
    mine = Survey.objects.filter(pk=survey.pk)
    if not channel:
        mine.update(state=Survey.State.UNREACHABLE)
        return False
    try:
        sender_for(channel)(to, message_of(survey), _("How did we do?"))
    except NotSent:
        if survey.attempts > len(TRY_AGAIN_AFTER):
            mine.update(state=Survey.State.FAILED)
        return False
    mine.update(state=Survey.State.SENT, sent_at=at, channel=channel)
    return True


def message_of(survey) -> str:
    """In Chinese and English, because nobody knows which one the customer reads. No names: a phone may be in other hands by now."""
    told = {"id": survey.ticket_id, "link": address_of(survey.pk)}
    texts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts.append(_("Ticket #%(id)s is closed. How did we do?") % told)
    return f"{' '.join(texts)} {told['link']}"


@transaction.atomic
def answer(*, survey, score, comment="", at) -> Survey:
    """The customer's one answer. `AlreadyDone` for a second, `Refused` when the time is over. A score of 1 or 2 opens a follow-up."""
    mine = Survey.objects.filter(pk=survey.pk, answered_at=None, expires_at__gt=at)
    if not mine.update(answered_at=at, score=score, comment=comment.strip()):
        now = Survey.objects.get(pk=survey.pk)
        if now.answered_at:
            raise AlreadyDone(_("You have already answered. Thank you."))
        raise Refused(_("The time to answer is over."), code="expired")
    survey.refresh_from_db()
    ticket = Ticket.objects.select_related("account__manager", "account__unit").get(pk=survey.ticket_id)
    if ticket.reopened_count == survey.round:
        Ticket.objects.filter(pk=ticket.pk).update(satisfaction=score)
    words = f"{score} / 5" + (f"\n{survey.comment}" if survey.comment else "")
    TicketNote.objects.create(ticket=ticket, at=at, what=TicketNote.What.RATED, text=words)
    record(by=None, did="rated", on=ticket, score=score)
    touch(table="tickets", periods=[timezone.localdate(ticket.opened_at)])
    if score <= DISSATISFIED:
        _follow_up(survey, ticket, at)
    return survey


def _follow_up(survey, ticket, at):
    """A task on the desk of who looks after the account; a ticket where the account is not known."""
    words = survey.comment or _("No comment was left.")
    subject = _("Dissatisfied with ticket #%(id)s: call the customer") % {"id": ticket.pk}
    if ticket.account_id:
        day = timezone.localdate(at) + dt.timedelta(days=1)
        plan = engagement.plan(
            account=ticket.account, by=looked_after_by(ticket), kind=Engagement.Kind.TASK, subject=subject, planned_on=day, notes=words
        )
        Survey.objects.filter(pk=survey.pk).update(follow_up=plan)
        survey.follow_up = plan
        return
    caller = tickets.Caller(name=ticket.caller_name, phone=ticket.caller_phone)
    key = uuid.uuid5(FOLLOW_UP_SPACE, str(survey.pk))
    again, _new = tickets.log_once(
        kind="service", category=ticket.category, title=subject, text=words, caller=caller, channel="online", by=None, at=at, idempotency_key=key,
    )  # fmt: skip
    Survey.objects.filter(pk=survey.pk).update(follow_up_ticket=again)
    survey.follow_up_ticket = again


def looked_after_by(ticket) -> User | None:
    """The account's manager, else the nearest supervisor over its unit, else who had the ticket."""
    account = ticket.account
    if account.manager and account.manager.is_active:
        return account.manager
    over = User.objects.filter(role=Role.SUPERVISOR, is_active=True).select_related("unit")
    found = [person for person in over if account.unit.code.startswith(person.unit.code)]
    return max(found, key=lambda person: len(person.unit.code), default=ticket.assignee)
