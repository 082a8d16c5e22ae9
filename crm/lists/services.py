"""What is done to saved views."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.lists.models import SavedView
from crm.people.errors import Refused

DROPPED = ("cursor", "after", "before", "page")


@transaction.atomic
def save_view(*, owner, page, name, query="", shared=False) -> SavedView:
    """Keep a list's query string under a name; the same name on the same page is replaced. `query` without its `?` and cursor."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the view a name."))
    view, _created = SavedView.objects.update_or_create(
        owner=owner, page=page, name=name[:60], defaults={"query": _clean(query), "shared": shared}
    )
    if shared:
        record(by=owner, did="shared", on=view, name=view.name)
    return view


@transaction.atomic
def change_view(*, view, by, name=None, shared=None, query=None) -> SavedView:
    """Rename, share or stop sharing, or keep another filter under it. Raises `Refused` for another's view or a name taken."""
    _refuse_other(view, by)
    was_shared = view.shared
    view.name = " ".join(name.split())[:60] or view.name if name is not None else view.name
    view.shared = view.shared if shared is None else shared
    view.query = view.query if query is None else _clean(query)
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared", "query"])
    except IntegrityError as error:
        raise Refused(_("You already have a view called “%(name)s” here. Choose another name.") % {"name": view.name}) from error
    if view.shared and not was_shared:
        record(by=by, did="shared", on=view, name=view.name)
    return view


@transaction.atomic
def delete_view(*, view, by):
    _refuse_other(view, by)
    if view.shared:
        record(by=by, did="deleted", on=view, name=view.name)
    view.delete()


def _refuse_other(view, by):
    if view.owner_id != by.pk:
        raise Refused(
            _("“%(name)s” belongs to %(owner)s. Save it under your own name to change it.") % {"name": view.name, "owner": view.owner}
        )


def _clean(query):
    parts = [part for part in query.lstrip("?").split("&") if part and part.split("=")[0] not in DROPPED]
    return "&".join(parts)[:1000]
