"""The frame around every page: the rail a role sees, and whether the data is synthetic."""
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.demo import sign_ins

# (group, [(url name, label, icon, permission, counter)]): a wing's pages in the order of a working day.
RAIL = [
    (_("Work"), [
        ("marketing:desk", _("My desk"), "home", "crm.view_desk", ""),
        ("segmentation:portfolio", _("Portfolio"), "building-factory", "crm.view_account", ""),
        ("crm:ticket-list", _("Complaints"), "message-report", "crm.view_ticket", ""),
    ]),
    (_("Judgement"), [
        ("segmentation:tier-report", _("Tiers"), "chart-bar", "segmentation.view_report", ""),
        ("segmentation:run-list", _("Runs"), "refresh", "segmentation.view_run", ""),
        ("segmentation:policy-list", _("Policies"), "adjustments", "segmentation.view_policy", ""),
    ]),
    (_("Action"), [
        ("marketing:proposal-list", _("Green channel"), "route", "marketing.view_proposal", ""),
    ]),
    (_("System"), [
        ("crm:import-list", _("Imports"), "file-import", "crm.view_import", ""),
        ("crm:export-list", _("Exports"), "file-export", "crm.export", ""),
        ("crm:people-list", _("People"), "users", "crm.view_people", ""),
        ("crm:audit-list", _("Audit trail"), "history", "crm.view_audit", ""),
        ("crm:job-list", _("Jobs"), "activity", "crm.view_jobs", ""),
        ("crm:data-sources", _("About the data"), "database", "crm.view_data_sources", ""),
    ]),
]


def _item(request, name, label, icon, counter):
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    return {"url": url, "label": label, "icon": icon, "counter": counter, "active": request.path.startswith(url)}


def rail_of(request):
    user = request.user
    groups = []
    for title, entries in RAIL:
        items = [_item(request, name, label, icon, counter) for name, label, icon, perm, counter in entries if user.has_perm(perm)]
        if items := [item for item in items if item]:
            groups.append({"title": title, "items": items})
    return groups


def shell(request):
    """Context of every page: `rail`, `demo_mode`, `search_url`; to visitors of a demonstration its `demo_sign_ins`."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "rail": rail_of(request) if signed_in else [],
        "demo_mode": settings.DEMO,
        "search_url": "/search/" if signed_in else "",
        "languages": settings.LANGUAGES,
        "demo_sign_ins": sign_ins.listed() if settings.DEMO and not signed_in else [],
    }
