"""Who is away, and who stands in."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.routing.models import Absence


@transaction.atomic
def note_absence(*, person, starts_on, ends_on, substitute=None, note="", by) -> Absence:
    """From `starts_on` to `ends_on`, both included, the person gets no tickets."""
    if ends_on < starts_on:
        raise Refused(_("The last day lies before the first one."), code="ends_before_it_begins")
    if substitute == person:
        raise Refused(_("Nobody stands in for themselves: choose somebody else."), code="same_person")
    row = Absence.objects.create(person=person, starts_on=starts_on, ends_on=ends_on, substitute=substitute, note=note)
    record(by=by, did="noted absence", on=row, person=person.username, starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
    return row


@transaction.atomic
def end_absence(*, absence, by) -> None:
    """They are back, or never left."""
    record(by=by, did="ended absence", on=absence, person=absence.person.username)
    if not Absence.objects.filter(pk=absence.pk).delete()[0]:
        raise AlreadyDone(_("This absence is already taken back."))
