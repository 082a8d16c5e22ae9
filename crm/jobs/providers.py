"""The waiting work of this wing."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.audit.verbs import KIND_NAMES, SENTENCES
from crm.exports.models import Export
from crm.imports.models import ImportBatch
from crm.jobs.registry import Waiting, register
from crm.routing.verbs import waiting_tickets
from crm.webhooks.models import Delivery

AT_MOST = 50


def register_all():
    register("imports", _("Imports"), _imports)
    register("exports", _("Exports"), _exports)
    register("routing", _("Tickets to be routed"), _tickets)
    register("webhooks", _("Webhook deliveries"), _deliveries)
    SENTENCES.update({
        "crm.taskfailure asked for a retry": _("%(who)s asked for another try of %(task)s"),
        "crm.taskfailure put away a failure": _("%(who)s put away the failure of %(task)s"),
    })  # fmt: skip
    KIND_NAMES["crm.taskfailure"] = _("failed task")


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


def _tickets():
    return [Waiting(what, since, str(_("waiting")), url, permission="crm.view_ticket") for what, since, url in waiting_tickets()]


def _deliveries():
    moving = Delivery.objects.unfinished().filter(subscription__state="active").order_by("due_at").select_related("event", "subscription")
    return [
        Waiting(
            f"{delivery.event.kind} → {delivery.subscription.name}", max(delivery.due_at, delivery.event.at), delivery.get_state_display(),
            reverse("crm:webhook-delivery", args=[delivery.pk]), permission="crm.edit_webhooks",
        )
        for delivery in moving[:AT_MOST]
    ]  # fmt: skip
