"""Note a loss, take a note back, keep the lists of rivals."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from marketing.market.models import Cause, LossNote, Rival
from segmentation.runs.models import Standing


@dataclass(frozen=True)
class Loss:
    """What is said of a loss. `competitor` and `substitute` are `Rival`s of that kind, or None."""

    lost_on: object
    outcome: str
    cause: str
    competitor: object = None
    substitute: object = None
    note: str = ""


@transaction.atomic
def note(*, account, loss, by, at):
    """One note of a loss by whoever looks after the account. Refuses a day to come, a rival of the wrong kind, an offer of nobody."""
    if not Account.objects.looked_after_by(by).filter(pk=account.pk).exists():
        raise Refused(_("Only who looks after account %(number)s notes its loss.") % {"number": account.number}, code="not_yours")
    _check(loss, at.date())
    standing = Standing.objects.filter(pk=account.pk).first()
    values = {name: getattr(loss, name) for name in ("lost_on", "outcome", "cause", "competitor", "substitute")}
    try:
        with transaction.atomic():
            made = LossNote.objects.create(
                account=account, **values, note=loss.note.strip(), noted_by=by, noted_at=at,
                revenue_12m_fen=standing.revenue_12m_fen if standing else None,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_standing_loss_of_a_kind" not in str(error):
            raise
        told = {"number": account.number}
        raise AlreadyDone(_("This loss of account %(number)s is noted already: withdraw that note first if it is wrong.") % told) from error
    record(
        by=by, did="noted a loss", on=made, cause=made.get_cause_display(), outcome=made.get_outcome_display(), lost_on=str(made.lost_on)
    )
    return made


def _check(loss, today):
    if loss.lost_on > today:
        raise Refused(_("%(day)s is still to come: a loss is noted once it has happened.") % {"day": loss.lost_on}, code="to_come")
    for rival, kind in ((loss.competitor, Rival.Kind.COMPETITOR), (loss.substitute, Rival.Kind.SUBSTITUTE)):
        if rival is not None and rival.kind != kind:
            raise Refused(_("“%(name)s” is not a %(kind)s.") % {"name": rival, "kind": kind.label.lower()}, code="wrong_kind")
    if loss.cause == Cause.OFFER and loss.competitor is None and not loss.note.strip():
        raise Refused(_("Say whose offer it was: choose the competitor, or write it in the note."), code="whose_offer")


@transaction.atomic
def withdraw(*, loss_note, by, at):
    """A note that was wrong no longer counts; the row stays. A supervisor may withdraw those of their people."""
    if not Account.objects.looked_after_by(by).filter(pk=loss_note.account_id).exists():
        raise Refused(_("Only who looks after the account withdraws its notes."), code="not_yours")
    if not LossNote.objects.standing().filter(pk=loss_note.pk).update(withdrawn_at=at, withdrawn_by=by):
        raise AlreadyDone(_("This note is withdrawn already."))
    record(by=by, did="withdrew a loss", on=loss_note, outcome=loss_note.get_outcome_display())


@transaction.atomic
def save_rival(*, kind, name, name_en, is_active, by, rival=None):
    """A new competitor or substitute, or other words for one. Names are unique within their kind."""
    name, name_en = name.strip(), name_en.strip()
    if Rival.objects.filter(kind=kind, name=name).exclude(pk=rival.pk if rival else None).exists():
        raise Refused(_("“%(name)s” is in the list already.") % {"name": name}, code="known")
    if rival is None:
        rival = Rival.objects.create(kind=kind, name=name, name_en=name_en, is_active=is_active)
    else:
        Rival.objects.filter(pk=rival.pk).update(name=name, name_en=name_en, is_active=is_active)
        rival.refresh_from_db()
    record(by=by, did="saved rival", on=rival, name=name)
    return rival
