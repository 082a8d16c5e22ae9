"""The audit trail: who did what, when, to which account."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render

from crm.audit.changes import changes_of
from crm.audit.filters import AuditFilter, deeds
from crm.audit.models import AuditEntry
from crm.audit.verbs import kind_name, sentence
from crm.lists.keyset import Sort, keyset_page
from crm.people.masking import reader_of

FILTERS = ("by", "account", "deed", "since", "until")


@permission_required("crm.view_audit", raise_exception=True)
def audit_list(request):
    chosen = AuditFilter(request.GET, AuditEntry.objects.visible_to(request.user).select_related("by", "account"))
    rows = keyset_page(chosen.qs, sort=Sort("pk", descending=True), cursor=request.GET.get("cursor"))
    for entry in rows:
        entry.sentence, entry.kind = sentence(entry), kind_name(entry.subject_kind)
    values = {name: request.GET.get(name, "") for name in FILTERS}
    context = {"rows": rows, "values": values, "errors": chosen.form.errors, "deeds": deeds(), "filtered": any(values.values())}
    return render(request, "crm/audit/list.html", context)


@permission_required("crm.view_audit", raise_exception=True)
def audit_detail(request, pk):
    """What one entry changed, for the row that asks to be opened."""
    entry = get_object_or_404(AuditEntry.objects.visible_to(request.user).select_related("by"), pk=pk)
    context = {
        "entry": entry,
        "sentence": sentence(entry),
        "changes": changes_of(entry, reader=reader_of(request)),
        "kind": kind_name(entry.subject_kind),
    }
    return render(request, "crm/audit/detail.html" + ("#changes" if request.htmx else ""), context)
