"""The rights matrix: every address, and who gets what. A new address fails the test until it has its line here.

Roles stand in the order of `ROLES`. `o` is let in (whatever the form then says), `f` is told 403, `n` finds nothing (404).
An address about something of an account has three answers: Anna's own account, a colleague's at her station, one of another branch.
"""

import datetime as dt
from dataclasses import dataclass, field

MONDAY = dt.date(2026, 11, 23)
LIST = "segmentation:portfolio"
ROLES = ["manager", "supervisor", "agent", "analyst", "administrator"]


@dataclass(frozen=True)
class Answer:
    """`about` names a thing of the world (see world.py) whose key the address takes, or is empty; statuses for own, unit and foreign."""

    method: str
    about: str
    own: str
    unit: str
    foreign: str
    extra: tuple = ()
    query: str = ""
    data: dict = field(default_factory=dict)


def get(about="", own="ooooo", unit=None, foreign=None, extra=(), query=""):
    return Answer("get", about, own, unit or own, foreign or _beyond(own, about), extra, query)


def post(about="", own="ooooo", unit=None, foreign=None, extra=(), data=None):
    return Answer("post", about, own, unit or own, foreign or _beyond(own, about), extra, data=data or {})


# What lies in another branch does not exist for Anna and Boss, unless their role is refused at the door.
OF_AN_ACCOUNT = {"account", "customer", "contact", "ticket", "engagement", "entitlement", "proposal", "standing", "payment", "entry", "call"}


def _beyond(own, about):
    if about not in OF_AN_ACCOUNT:
        return own
    return "".join("n" if role < 2 and letter == "o" else letter for role, letter in enumerate(own))


PAGES = {
    "home": get(),
    "set_language": post(),
    "styleguide": get(own="nnnnn"),  # only where DEMO or DEBUG is on
    "healthz": get(),
    "readyz": get(),
    "metrics": get(own="fffoo"),
    "schema": get(),
    "api-docs": get(),
    # people
    "crm:people-list": get(own="foffo"),
    "crm:person-edit": get("person", own="ffffo"),
    "crm:unit-list": get(own="foffo"),
    "crm:me": get(),
    "crm:token-new": post(),
    "crm:token-remove": post(),
    "crm:audit-list": get(own="foffo"),
    "crm:audit-detail": get("entry", own="foffo"),
    # customers and accounts
    "crm:reveal": post("customer", own="ffofo"),
    "crm:contact-new": get("customer", own="oofff", unit="fofff"),
    "crm:contact-edit": get("customer", own="oofff", unit="fofff", extra=("contact",)),
    "crm:contact-remove": post("customer", own="oofff", unit="fofff", extra=("contact",)),
    "crm:account-detail": get("account"),
    "crm:account-edit": get("account", own="ooffo", unit="foffo"),
    "crm:account-alerts": get("account"),
    "crm:account-contacts": get("account"),
    "crm:account-recent": get("account"),
    "crm:account-chart": get("account", extra=("usage",)),
    "crm:account-tab": get("account", extra=("bills",)),
    "crm:engagement-log": get("account", own="oofff", unit="fofff"),
    "crm:engagement-plan": get("account", own="oofff", unit="fofff"),
    "crm:engagement-finish": get("engagement", own="oofff", unit="fofff"),
    "crm:engagement-cancel": post("engagement", own="oofff", unit="fofff"),
    "crm:search": get(),
    "crm:palette": get(),
    # lists and files
    "crm:saved-views": get(query=f"?page={LIST}"),
    "crm:view-save": post(data={"page": LIST, "name": "Mine too"}),
    "crm:view-change": post("view", own="onnnn"),
    "crm:view-delete": post("view", own="onnnn"),
    "crm:export-list": get(),
    "crm:export-create": post(),
    "crm:export-bell": get("export", own="onnnn"),
    "crm:export-download": get("export", own="nnnnn"),  # not written yet: there is no file
    "crm:export-cancel": post("export", own="onnnn"),
    "crm:import-list": get(own="ffffo"),
    "crm:import-upload": post(own="ffffo"),
    "crm:import-formats": get(own="ffffo"),
    "crm:import-template": get(own="ffffo", extra=("bills",)),
    "crm:import-detail": get("batch", own="ffffo"),
    "crm:import-confirm": post("batch", own="ffffo"),
    "crm:import-discard": post("batch", own="ffffo"),
    "crm:import-errors": get("batch", own="ffffo"),
    "crm:job-list": get(own="fffoo"),
    "crm:job-workers": get(own="fffoo"),
    "crm:job-failures": get(own="fffoo"),
    "crm:job-failure": get("failure", own="fffoo"),
    "crm:job-failure-retry": post("failure", own="ffffo"),
    "crm:job-failure-put-away": post("failure", own="ffffo"),
    # calls and webhooks
    "crm:cti-calls": post(own="fffff"),  # opens to signed requests alone
    "crm:call-list": get(),
    "crm:call-on-screen": get(own="oooff"),
    "crm:call": get("call"),
    "crm:call-pop": post("call", own="oooff"),
    "crm:call-put-away": post("call", own="oooff"),
    "crm:call-choose": post("call", own="onnff", unit="nnnff"),  # whose telephone rang
    "crm:call-ticket": get("call", own="oooff"),
    "crm:telephony": get(own="ffffo"),
    "crm:integration-act": post("integration", own="ffffo", extra=("shut-out",)),
    "crm:line-take": post("line", own="ffffo"),
    "crm:webhook-list": get(own="ffffo"),
    "crm:webhook-new": get(own="ffffo"),
    "crm:webhook-edit": get("webhook", own="ffffo"),
    "crm:webhook-act": post("webhook", own="ffffo", extra=("pause",)),
    "crm:webhook-log": get(own="ffffo"),
    "crm:webhook-delivery": get("delivery", own="ffffo"),
    "crm:webhook-replay": post("delivery", own="ffffo"),
    "crm:data-sources": get(),
    # clocks
    "crm:calendar": get(own="ffffo"),
    "crm:calendar-year": get(own="ffffo", extra=(2026,)),
    "crm:calendar-day": get(own="ffffo", extra=(MONDAY,)),
    "crm:calendar-load": post(own="ffffo"),
    "crm:calendar-hours": post(own="ffffo"),
    "crm:clock-policy-list": get(own="ffffo"),
    "crm:clock-policy-revise": get("clock", own="ffffo"),
    "crm:clock-policy-add": get(own="ffffo"),
    "crm:clock-policy-try": get(own="ffffo"),
    "crm:clock-policy-end": post("clock", own="ffffo"),
    # tickets
    "crm:ticket-list": get(),
    "crm:ticket-new": get(own="oooff"),
    "crm:ticket-find-account": get(own="oooff"),
    "crm:ticket-preview": get(own="oooff"),
    "crm:ticket-detail": get("ticket"),
    "crm:ticket-act": post("ticket", own="oooff", unit="fooff", extra=("start",)),
    "crm:ticket-assign": post("ticket", own="oooff", unit="fooff"),
    "crm:ticket-add-caller": post("ticket", own="oooff"),
    # judgement
    "segmentation:policy-list": get(own="fffoo"),
    "segmentation:policy-detail": get("policy", own="fffoo"),
    "segmentation:policy-draft": post("policy", own="fffof"),
    "segmentation:policy-edit": get("policy", own="fffof"),
    "segmentation:policy-publish": post("policy", own="fffof"),
    "segmentation:policy-bring-back": post("policy", own="fffof"),
    "segmentation:policy-drop": post("policy", own="fffof"),
    "segmentation:run-list": get(own="fofoo"),
    "segmentation:run-ask": post(own="fffoo"),
    "segmentation:run-detail": get("run", own="fofoo"),
    "segmentation:run-progress": get("run", own="fofoo"),
    "segmentation:run-cancel": post("run", own="fffoo"),
    "segmentation:run-roll-back": post("run", own="fffoo"),
    "segmentation:run-compare": get("run", own="fofoo", query="?with={older}"),
    "segmentation:run-compare-chart": get("run", own="fofoo", query="?with={older}"),
    "segmentation:account-panel": get("account"),
    "segmentation:account-badge": get("account"),
    "segmentation:account-judgement": get("account"),
    "segmentation:account-scores-chart": get("account"),
    "segmentation:account-load": get("account"),
    "segmentation:account-load-chart": get("account"),
    "segmentation:portfolio": get(),
    "segmentation:account-neighbours": get("account"),
    "segmentation:tier-report": get(own="oofoo"),
    "segmentation:tier-moves-chart": get(own="oofoo"),
    "segmentation:tier-quadrant-chart": get(own="oofoo"),
    "segmentation:tier-workbook": get(own="oofoo"),
    # action
    "marketing:desk": get(own="oofff"),
    "marketing:proposal-list": get(own="oofoo"),
    "marketing:proposal-detail": get("proposal", own="oofoo"),
    "marketing:proposal-approve": post("proposal", own="fofff"),
    "marketing:proposal-refuse": post("proposal", own="fofff"),
    "marketing:proposal-withdraw": post("proposal", own="oofff"),
    "marketing:entitlement-revoke": post("entitlement", own="fofff"),
    "marketing:entitlement-list": get(own="oofoo"),
    "marketing:entitlement-detail": get("entitlement", own="oofoo"),
    "marketing:entitlement-effect": get("entitlement", own="oofoo"),
    "marketing:entitlement-use": post("entitlement", own="oofff"),
    "marketing:channel-effect": get(own="oofoo"),
    "marketing:channel-effect-chart": get(own="oofoo"),
    "marketing:channel-rules": get(own="oofoo"),
    "marketing:propose": get("account", own="oofff"),
    "marketing:propose-bulk": post(own="oofff"),
    "marketing:account-panel": get("account"),
}

API = {
    "people-list": get(own="foffo"),
    "people-me": get(),
    "people-detail": get("person", own="fnffo"),
    "people-change": post("person", own="fnffo"),
    "units-list": get(),
    "units-detail": get("unit", own="ooooo"),
    "audit-list": get(own="foffo"),
    "audit-detail": get("entry", own="foffo"),
    "customers-list": get(),
    "customers-detail": get("customer"),
    "customers-add-contact": post("customer", own="oofff", unit="fofff"),
    "customers-reveal": post("customer", own="ffofo", foreign="nnofo"),
    "contacts-list": get(),
    "contacts-detail": get("contact"),
    "contacts-change": post("contact", own="oofff", unit="fofff"),
    "contacts-remove": post("contact", own="oofff", unit="fofff"),
    "accounts-list": get(),
    "accounts-detail": get("account"),
    "accounts-alerts": get("account"),
    "accounts-arrears": get("account"),
    "accounts-bill-chart": get("account"),
    "accounts-usage-chart": get("account"),
    "accounts-timeline": get("account"),
    "load-detail": get("account"),
    "accounts-care": post("account", own="oofff", unit="fofff", data={"representative": None}),
    "bills-list": get(),
    "payments-list": get(),
    "payments-detail": get("payment"),
    "engagements-list": get(),
    "engagements-detail": get("engagement"),
    "engagements-log": post(own="oofff"),
    "engagements-plan": post(own="oofff"),
    "engagements-cancel": post("engagement", own="oofff", unit="fofff"),
    "engagements-finish": post("engagement", own="oofff", unit="fofff"),
    "saved-views-list": get(),
    "saved-views-detail": get("view", own="onnnn"),
    "search-list": get(),
    "palette-list": get(),
    "import-list": get(own="ffffo"),
    "import-detail": get("batch", own="ffffo"),
    "import-confirm": post("batch", own="ffffo"),
    "import-discard": post("batch", own="ffffo"),
    "import-errors": get("batch", own="ffffo"),
    "export-list": get(),
    "export-detail": get("export", own="onnnn"),
    "export-cancel": post("export", own="onnnn"),
    "export-file": get("export", own="nnnnn"),
    "calendar-day-list": get(),
    "calendar-day-detail": get(extra=(MONDAY,)),
    "calendar-day-change": post(own="ffffo", extra=(MONDAY,)),
    "calendar-year-list": get(),
    "calendar-year-detail": get(extra=(2026,)),
    "calendar-year-missing": get(),
    "entitlement-list": get(),
    "entitlement-detail": get("entitlement"),
    "entitlement-revoke": post("entitlement", own="fofff", foreign="nnfff"),
    "entitlement-use": post("entitlement", own="oofff"),
    "entitlement-uses": get("entitlement"),
    "service-level-list": get(),
    "service-level-detail": get("level"),
    "clock-policy-list": get(),
    "clock-policy-detail": get("clock"),
    "clock-policy-revise": post("clock", own="ffffo"),
    "clock-policy-end": post("clock", own="ffffo"),
    "clock-policy-tried": get(query="?ticket_kind=complaint"),
    "ticket-list": get(),
    "ticket-detail": get("ticket"),
    **{
        f"ticket-{verb}": post("ticket", own="oooff", unit="fooff")
        for verb in ("answer", "close", "contact", "note", "reopen", "resume", "start", "wait")
    },
    "ticket-assign": post("ticket", own="oooff", unit="fooff", foreign="nnoff"),
    "call-list": get(),
    "call-detail": get("call"),
    "webhook-list": get(own="ffffo"),
    "webhook-detail": get("webhook", own="ffffo"),
    **{f"webhook-{verb}": post("webhook", own="ffffo") for verb in ("change", "pause", "renew-secret", "resume", "test")},
    "webhook-delivery-list": get(own="ffffo"),
    "webhook-delivery-detail": get("delivery", own="ffffo"),
    "webhook-delivery-replay": post("delivery", own="ffffo"),
    "job-list": get(own="fffoo"),
    "job-failure-list": get(own="fffoo"),
    "job-failure-detail": get("failure", own="fffoo"),
    "job-failure-retry": post("failure", own="ffffo"),
    "job-failure-put-away": post("failure", own="ffffo"),
    "policy-list": get(own="fffoo"),
    "policy-detail": get("policy", own="fffoo"),
    "policy-bring-back": post("policy", own="fffof"),
    "policy-draft": post("policy", own="fffof"),
    "policy-publish": post("policy", own="fffof"),
    "run-list": get(own="fofoo"),
    "run-detail": get("run", own="fofoo"),
    "run-cancel": post("run", own="fffoo"),
    "run-roll-back": post("run", own="fffoo"),
    "standing-list": get(),
    "standing-detail": get("standing"),
    "change-list": get(),
    "feature-list": get(),
    "tier-report-list": get(own="oofoo"),
    "proposal-list": get(own="oofoo"),
    "proposal-detail": get("proposal", own="oofoo"),
    "proposal-approve": post("proposal", own="fofff"),
    "proposal-refuse": post("proposal", own="fofff"),
    "proposal-withdraw": post("proposal", own="oofff"),
    "channel-rule-list": get(own="oofoo"),
    "channel-rule-detail": get("rule", own="oofoo"),
    "channel-effect-list": get(own="oofoo"),
    "api-root": get(),
}
