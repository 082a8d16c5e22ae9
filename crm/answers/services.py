"""Canned answers: filled for a ticket, run as macros, edited."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.answers.models import CannedAnswer
from crm.answers.rules import fill
from crm.audit.services import record
from crm.people.errors import Refused
from crm.tickets.actions import VERBS

LANGUAGES = {"zh-hans": "text", "en": "text_en"}


def filled(*, answer, ticket, reader, language, by) -> str:
    """The text in a language (`zh-hans` or `en`; the other where it is missing) with the ticket's facts. Names as the reader may read them:
    a private customer who is masked is addressed without a name."""
    text = getattr(answer, LANGUAGES.get(language, "text")) or answer.text or answer.text_en
    with translation.override(language):
        return fill(text, _values(ticket, reader, by))


def _values(ticket, reader, by):
    account = ticket.account
    plain = account is not None and (account.customer.kind != "person" or reader.sees(account.customer))
    due = ticket.answer_due_at
    last = ticket.notes.filter(moved_to="answered").last()
    return {
        "customer": str(account.customer) if plain else _("customer"),
        "number": str(ticket.pk),
        "account": account.number if account else "",
        "due": date_format(timezone.localtime(due), "Y-m-d H:i") if due else _("soon"),
        "title": ticket.title,
        "answer": last.text if last else "",
        "unit": str(account.unit) if account else "",
        "agent": str(by),
    }


@transaction.atomic
def run(*, answer, ticket, text, words, by, at):
    """The moves of a macro one after the other, with the text the agent has before them; all or none. `words`: what closing needs besides."""
    moves = [VERBS[verb] for verb in answer.verbs if verb in VERBS]
    if not moves:
        raise Refused(_("“%(name)s” has no moves: paste its text instead.") % {"name": answer}, code="no_moves")
    for place, move in enumerate(moves):
        said = words | ({"text": text, "reached": True} if place == 0 or move.needs_text else {"text": ""})
        move.do(ticket, said, by=by, at=at)
        ticket.refresh_from_db()
    record(by=by, did="ran macro", on=ticket, macro=answer.pk, name=answer.name)
    return ticket


@transaction.atomic
def save(*, answer, by) -> CannedAnswer:
    """Keep a new or changed answer (a validated, unsaved instance)."""
    answer.save()
    record(by=by, did="edited canned answer", on=answer, name=answer.name, active=answer.is_active)
    return answer
