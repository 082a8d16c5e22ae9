"""What an audit entry changed, field by field: from the entry itself, else from the change history that the database keeps of the row."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from crm.people.masking import HIDDEN

# Fields of people that a reader sees only as far as their role reads personal data.
PERSONAL = {
    "crm.contact": {"name", "phone", "email"},
    "crm.customer": {"name", "name_en", "phone", "address"},
    "crm.user": {"phone"},
    "crm.ticket": {"caller_name", "caller_phone"},
}
# The history row is stamped with the start of the deed's transaction, the entry with its own moment.
SAME_DEED = dt.timedelta(seconds=30)


@dataclass(frozen=True)
class FieldChange:
    name: str
    label: str
    old: str
    new: str


def changes_of(entry, *, reader) -> list[FieldChange]:
    """Fields in the model's order with old and new value; an unknown old value is a dash. At most two queries."""
    model = _model(entry.subject_kind)
    pairs = dict(entry.details.get("changes") or {})
    if model is not None:
        pairs = _from_history(entry, model) | pairs
    if not pairs and "old" in entry.details and "new" in entry.details:
        pairs = {"": [entry.details["old"], entry.details["new"]]}
    hidden = () if reader.user.personal_data == "plain" else PERSONAL.get(entry.subject_kind, ())
    return [_change(model, name, old, new, hide=name in hidden) for name, (old, new) in pairs.items()]


def _from_history(entry, model):
    """The row's snapshot at the deed next to the snapshot before it."""
    history = getattr(model, "pgh_event_model", None)
    if history is None:
        return {}
    snapshots = list(history.objects.filter(pgh_obj_id=entry.subject_id, pgh_created_at__lte=entry.at).order_by("-pgh_id")[:2])
    if not snapshots or snapshots[0].pgh_created_at < entry.at - SAME_DEED:
        return {}
    new, old = snapshots[0], snapshots[1] if len(snapshots) > 1 else None
    named = entry.details.get("fields") or []
    names = [field.attname for field in model._meta.concrete_fields if hasattr(new, field.attname)]
    if old is None:
        return {name: [None, getattr(new, name)] for name in names if name in named}
    return {name: [getattr(old, name), getattr(new, name)] for name in names if getattr(old, name) != getattr(new, name)}


def _change(model, name, old, new, *, hide):
    try:
        field = model._meta.get_field(name.removesuffix("_id")) if model is not None and name else None
    except FieldDoesNotExist:
        field = None
    words = dict(field.flatchoices) if field is not None and field.flatchoices else {}
    show = (
        (lambda value: HIDDEN if value not in (None, "") else "—")
        if hide
        else (lambda value: "—" if value in (None, "") else str(words.get(value, value)))
    )
    return FieldChange(name, str(field.verbose_name) if field is not None else name, show(old), show(new))


def _model(kind):
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
