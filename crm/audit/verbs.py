"""Audit entries as sentences. A verb is what a service passes as `did`; its sentence names who, and may name any of the entry's details or its `id`.

Topics and wings above add theirs when the app starts: `SENTENCES["marketing.proposal proposed"] = gettext_lazy("%(who)s …")`.
"""

from collections import defaultdict

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

# By "kind verb", else by verb alone.
SENTENCES = {
    "revealed": gettext_lazy("%(who)s read the personal data of the customer in plain"),
    "assigned manager": gettext_lazy("%(who)s gave the account from %(old)s to %(new)s"),
    "set representative": gettext_lazy("%(who)s changed the representative from %(old)s to %(new)s"),
    "crm.contact added": gettext_lazy("%(who)s added a contact"),
    "crm.contact changed": gettext_lazy("%(who)s changed a contact: %(fields)s"),
    "crm.contact removed": gettext_lazy("%(who)s removed a contact"),
    "crm.user changed": gettext_lazy("%(who)s changed the person %(name)s: %(fields)s"),
    "made API token": gettext_lazy("%(who)s made a new API token"),
    "removed API token": gettext_lazy("%(who)s removed their API token"),
    "crm.engagement planned": gettext_lazy("%(who)s planned: %(subject)s"),
    "crm.engagement logged": gettext_lazy("%(who)s noted: %(subject)s"),
    "crm.engagement finished": gettext_lazy("%(who)s finished: %(subject)s"),
    "crm.engagement cancelled": gettext_lazy("%(who)s cancelled: %(subject)s"),
    "crm.savedview shared": gettext_lazy("%(who)s shared the view %(name)s with everyone"),
    "crm.savedview deleted": gettext_lazy("%(who)s deleted the view %(name)s"),
    "crm.entitlement granted": gettext_lazy("%(who)s granted the green channel %(level)s from %(starts_on)s to %(ends_on)s"),
    "crm.entitlement revoked": gettext_lazy("%(who)s revoked the green channel: %(reason)s"),
    "crm.entitlement used": gettext_lazy("%(who)s counted a use of the green channel: %(note)s"),
    "crm.entitlement reminded": gettext_lazy("The green channel ends on %(ends_on)s: its manager was reminded to renew it"),
    "crm.entitlement expired": gettext_lazy("The green channel ended on %(ends_on)s"),
    "asked for an export": gettext_lazy("%(who)s asked for an export: %(what)s"),
    "cancelled an export": gettext_lazy("%(who)s cancelled an export: %(what)s"),
    "exported": gettext_lazy("%(who)s exported %(rows)s rows: %(what)s"),
    "crm.importbatch confirmed": gettext_lazy("%(who)s confirmed the import of %(file)s"),
    "crm.importbatch put away": gettext_lazy("%(who)s put away the import of %(file)s"),
    "crm.importbatch imported": gettext_lazy("%(file)s was imported for %(who)s"),
    "created demo": gettext_lazy("A demonstration with synthetic data was made"),
}

# Deeds whose row has its own place in a timeline: the audit entry is not told there a second time. (kind, verb)
TOLD_ELSEWHERE = {
    ("crm.engagement", "logged"),
    ("crm.engagement", "finished"),
    ("crm.entitlement", "granted"),
    ("crm.entitlement", "revoked"),
}


def not_told_elsewhere(entries):
    """The entries of a queryset that a timeline should show itself."""
    told = Q()
    for kind, verb in sorted(TOLD_ELSEWHERE):
        told |= Q(subject_kind=kind, did=verb)
    return entries.exclude(told)


def sentence(entry) -> str:
    """The entry in the reader's language: who did what. An unknown verb is shown as it was written."""
    who = str(entry.by) if entry.by else _("The system")
    words = defaultdict(lambda: "—", {key: _plain(value) for key, value in entry.details.items()}, who=who, id=entry.subject_id)
    if "fields" in entry.details:
        words["fields"] = field_names(entry.subject_kind, entry.details["fields"])
    template = SENTENCES.get(f"{entry.subject_kind} {entry.did}") or SENTENCES.get(entry.did)
    if template is None:
        return _("%(who)s: %(did)s (%(kind)s %(id)s)") % {
            "who": who,
            "did": entry.did,
            "kind": kind_name(entry.subject_kind),
            "id": entry.subject_id,
        }
    return str(template) % words


# Models without a name of their own in the reader's language; wings above add theirs.
KIND_NAMES = {
    "crm.ticket": gettext_lazy("ticket"),
    "crm.unit": gettext_lazy("unit"),
    "crm.user": gettext_lazy("person"),
    "crm.contact": gettext_lazy("contact"),
    "crm.engagement": gettext_lazy("visit or call"),
    "crm.entitlement": gettext_lazy("green channel"),
    "crm.savedview": gettext_lazy("view"),
    "crm.importbatch": gettext_lazy("import"),
    "crm.export": gettext_lazy("export"),
    "crm.clockpolicy": gettext_lazy("clock policy"),
    "crm.calendarday": gettext_lazy("day of the calendar"),
    "crm.calendaryear": gettext_lazy("year of the calendar"),
    "crm.workingwindow": gettext_lazy("working hours"),
}


def kind_name(kind: str) -> str:
    """`crm.contact` as a reader calls it."""
    if kind in KIND_NAMES:
        return str(KIND_NAMES[kind])
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def field_names(kind: str, names) -> str:
    try:
        meta = apps.get_model(kind)._meta
        return _comma().join(str(meta.get_field(name).verbose_name) for name in names)
    except (LookupError, ValueError, FieldDoesNotExist):
        return _comma().join(names)


def _comma():
    return pgettext("between items of a list", ", ")


def _plain(value):
    if isinstance(value, list):
        return _comma().join(str(item) for item in value)
    return "—" if value in (None, "") else value
