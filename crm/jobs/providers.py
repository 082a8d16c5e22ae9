"""The waiting work of this wing."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.exports.models import Export
from crm.imports.models import ImportBatch
from crm.jobs.registry import Waiting, register

AT_MOST = 50


def register_all():
    register("imports", _("Imports"), _imports)
    register("exports", _("Exports"), _exports)


def _imports():
    moving = ImportBatch.objects.filter(state__in=["uploaded", "checking", "queued", "loading"]).order_by("id").defer("problems", "preview")
    return [
        Waiting(
            batch.file_name, batch.heartbeat_at or batch.uploaded_at, batch.get_state_display(),
            reverse("crm:import-detail", args=[batch.pk]),
            permission="crm.view_import",
        )
        for batch in moving[:AT_MOST]
    ]  # fmt: skip


def _exports():
    moving = Export.objects.filter(state__in=["waiting", "writing"]).order_by("id").select_related("owner")
    return [
        Waiting(f"{export.title} · {export.owner}", export.heartbeat_at or export.asked_at, export.get_state_display())
        for export in moving[:AT_MOST]
    ]
