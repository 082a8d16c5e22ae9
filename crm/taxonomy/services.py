"""Edits of the words tickets are sorted by."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import Refused
from crm.taxonomy import labels
from crm.taxonomy.models import Aspect, Term

MOST_TERMS = 300


@transaction.atomic
def add(*, aspect, under="", code, name, name_en="", position=100, by) -> Term:
    """A new kind, topic or cause. The five classes are those of 95598: they are renamed, none is added."""
    if aspect == Aspect.CLASS:
        raise Refused(_("The five classes are those of 95598: rename one, or add a topic under it."), code="fixed")
    if aspect == Aspect.KIND and len(code) > 12:
        raise Refused(_("The code of a kind has at most 12 characters."), code="too_long")
    if Term.objects.count() >= MOST_TERMS:
        raise Refused(_("There are %(most)s terms already: take some off first.") % {"most": MOST_TERMS}, code="too_many")
    term = Term(aspect=aspect, under=under, code=code, name=name, name_en=name_en, position=position)
    try:
        with transaction.atomic():
            term.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("The code “%(code)s” stands in this list already: choose another one.") % {"code": code}, code="code_taken"
        ) from error
    record(by=by, did="added term", on=term, aspect=aspect, under=under, code=code, name=name)
    transaction.on_commit(labels.forget)
    return term


@transaction.atomic
def change(*, term, by, **values) -> Term:
    """Rename, move, take off or offer again: `name`, `name_en`, `position`, `is_active`. Tickets keep the code."""
    if term.fixed and values.get("is_active") is False:
        raise Refused(_("Rules of the product rest on “%(term)s”: it can be renamed, not taken off.") % {"term": term}, code="fixed")
    Term.objects.filter(pk=term.pk).update(**values)
    term.refresh_from_db()
    record(by=by, did="changed term", on=term, code=term.code, **values)
    transaction.on_commit(labels.forget)
    return term
