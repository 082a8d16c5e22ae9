"""Gathers the nouns that the topics define."""

from crm.accounts.models import Account, AccountChange, MeteringPoint
from crm.answers.models import CannedAnswer
from crm.attachments.models import Attachment
from crm.audit.models import AuditEntry
from crm.billing.models import Bill, Payment
from crm.calendar.models import CalendarDay, CalendarYear, ClockVersion, WorkingWindow
from crm.changes.models import DirtyMonth
from crm.customers.models import Contact, Customer
from crm.engagement.models import Engagement
from crm.escalation.models import Chain, Escalation, Step, Watch
from crm.exports.models import Export
from crm.imports.models import ImportBatch
from crm.jobs.models import TaskFailure, TaskMark
from crm.lists.models import SavedView
from crm.people.models import Unit, User
from crm.routing.models import Absence, Rota, RoutingDecision, RoutingDesk, RoutingRule
from crm.satisfaction.models import Survey
from crm.service_levels.models import ClockPolicy, Entitlement, EntitlementQuota, EntitlementUse, ServiceLevel
from crm.tariffs.models import TariffPlan
from crm.taxonomy.models import Term
from crm.telephony.models import Call, Integration, Line
from crm.tickets.models import Ticket, TicketMerge, TicketNote
from crm.webhooks.models import Attempt, Delivery, Event, Subscription

__all__ = [
    "Absence",
    "Account",
    "AccountChange",
    "Attachment",
    "Attempt",
    "AuditEntry",
    "Bill",
    "CalendarDay",
    "CalendarYear",
    "Call",
    "CannedAnswer",
    "Chain",
    "ClockPolicy",
    "ClockVersion",
    "Contact",
    "Customer",
    "Delivery",
    "DirtyMonth",
    "Engagement",
    "Entitlement",
    "EntitlementQuota",
    "EntitlementUse",
    "Escalation",
    "Event",
    "Export",
    "ImportBatch",
    "Integration",
    "Line",
    "MeteringPoint",
    "Payment",
    "Rota",
    "RoutingDecision",
    "RoutingDesk",
    "RoutingRule",
    "SavedView",
    "ServiceLevel",
    "Step",
    "Subscription",
    "Survey",
    "TariffPlan",
    "TaskFailure",
    "TaskMark",
    "Term",
    "Ticket",
    "TicketMerge",
    "TicketNote",
    "Unit",
    "User",
    "Watch",
    "WorkingWindow",
]
