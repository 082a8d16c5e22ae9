"""The frame around every page: the rail a role sees, and whether the data is synthetic."""

from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from crm.calendar.models import CalendarYear
from crm.demo import sign_ins
from crm.escalation.models import Escalation
from crm.tickets.models import Ticket
from crm.webhooks.models import Subscription
from marketing.green_channel.models import Proposal

# (group, [(url name, label, icon, permission)]): a wing's pages in the order of a working day.
RAIL = [
    (
        _("Work"),
        [
            ("marketing:desk", _("My desk"), "home", "crm.view_desk"),
            ("segmentation:portfolio", _("Portfolio"), "building-factory", "crm.view_account"),
            ("crm:ticket-list", _("Complaints"), "message-report", "crm.view_ticket"),
            ("crm:escalation-list", _("Raised to me"), "flag-exclamation", "crm.work_ticket"),
            ("crm:wall", _("Wall"), "layout-dashboard", "crm.view_wall"),
            ("crm:survey-list", _("Satisfaction"), "mood-smile", "crm.view_wall"),
            ("crm:call-list", _("Calls"), "phone-call", "crm.take_calls"),
        ],
    ),
    (
        _("Judgement"),
        [
            ("segmentation:tier-report", _("Tiers"), "chart-bar", "segmentation.view_report"),
            ("segmentation:risk-model-list", _("Risk models"), "brain", "segmentation.view_risk_model"),
            ("segmentation:high-risk", _("High-risk group"), "users-group", "segmentation.view_report"),
            ("segmentation:group-list", _("Groups"), "users-group", "segmentation.view_group"),
            ("segmentation:behaviour-report", _("Behaviour"), "chart-pie", "segmentation.view_report"),
            ("segmentation:segment-list", _("Segments"), "filter", "segmentation.view_segment"),
            ("segmentation:report-list", _("Report files"), "presentation", "segmentation.view_report"),
            ("segmentation:run-list", _("Runs"), "refresh", "segmentation.view_run"),
            ("segmentation:feature-list", _("Features"), "list-details", "segmentation.view_run"),
            ("segmentation:policy-list", _("Policies"), "adjustments", "segmentation.view_policy"),
        ],
    ),
    (
        _("Action"),
        [
            ("marketing:proposal-list", _("Green channel"), "route", "marketing.view_proposal"),
            ("marketing:retention-plans", _("Retention"), "heart-handshake", "marketing.view_retention"),
            ("marketing:market-watch", _("Market watch"), "binoculars", "marketing.view_market"),
            ("marketing:prospect-list", _("Development"), "trending-up", "marketing.view_prospect"),
        ],
    ),
    (
        _("System"),
        [
            ("crm:import-list", _("Imports"), "file-import", "crm.view_import"),
            ("crm:export-list", _("Exports"), "file-export", "crm.export"),
            ("crm:people-list", _("People"), "users", "crm.view_people"),
            ("crm:audit-list", _("Audit trail"), "history", "crm.view_audit"),
            ("crm:job-list", _("Jobs"), "activity", "crm.view_jobs"),
            ("crm:webhook-list", _("Webhooks"), "send", "crm.edit_webhooks"),
            ("crm:telephony", _("Telephony"), "phone", "crm.edit_telephony"),
            ("crm:term-list", _("Words of tickets"), "list", "crm.edit_desk"),
            ("crm:answer-list", _("Canned answers"), "message-circle", "crm.edit_desk"),
            ("crm:routing-rule-list", _("Routing"), "git-branch", "crm.view_routing"),
            ("crm:calendar", _("Working calendar"), "calendar", "crm.edit_calendar"),
            ("crm:data-sources", _("About the data"), "database", "crm.view_data_sources"),
        ],
    ),
]


# What waits for a person, beside the page where it waits. At most 100 are counted, and the answer is kept for half a minute.
COUNTERS = {
    "crm:ticket-list": lambda user: Ticket.objects.visible_to(user).open().filter(Q(assignee=user) | Q(account__manager=user)),
    "crm:escalation-list": lambda user: Escalation.objects.told(user).unseen(),
    "marketing:proposal-list": lambda user: Proposal.objects.waiting_for(user),
    "crm:webhook-list": lambda user: Subscription.objects.visible_to(user).given_up(),
}
COUNT_UP_TO, COUNT_KEPT_SECONDS = 100, 30


def counts_of(user):
    """{url name: number}, from the cache or one small query each."""
    key = f"rail:{user.pk}"
    counts = cache.get(key)
    if counts is None:
        counts = {name: waiting(user).order_by()[:COUNT_UP_TO].count() for name, waiting in COUNTERS.items()}
        if user.has_perm("crm.edit_calendar"):  # years that clocks will need and nobody has loaded
            counts["crm:calendar"] = len(CalendarYear.objects.missing_from(timezone.localdate()))
        cache.set(key, counts, COUNT_KEPT_SECONDS)
    return counts


def _item(request, name, label, icon, count):
    url = reverse(name)
    shown = f"{COUNT_UP_TO - 1}+" if count and count >= COUNT_UP_TO else count or ""
    return {"url": url, "label": label, "icon": icon, "count": shown, "active": request.path.startswith(url)}


def rail_of(request, counts):
    """The groups of pages the person's role may open."""
    groups = [
        {
            "title": title,
            "items": [
                _item(request, name, label, icon, counts.get(name)) for name, label, icon, perm in entries if request.user.has_perm(perm)
            ],
        }
        for title, entries in RAIL
    ]
    return [group for group in groups if group["items"]]


def _rail(request):
    """`rail` is drawn only where no rail of the same key is kept (`{% keep %}`): the key names all that it shows."""
    counts = counts_of(request.user)
    active = tuple(url for url in _addresses() if request.path.startswith(url))
    return {"rail": SimpleLazyObject(lambda: rail_of(request, counts)), "rail_key": (request.user.role, active, *counts.values())}


@lru_cache
def _addresses():
    return [reverse(name) for _title, entries in RAIL for name, *_ in entries]


def shell(request):
    """Context of every page: `rail`, `rail_key`, `demo_mode`, `search_url`; to visitors of a demonstration its `demo_sign_ins`."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        **(_rail(request) if signed_in else {"rail": [], "rail_key": ()}),
        "demo_mode": settings.DEMO,
        "search_url": reverse("crm:search") if signed_in else "",
        "languages": settings.LANGUAGES,
        "demo_sign_ins": sign_ins.listed() if settings.DEMO and not signed_in else [],
    }
