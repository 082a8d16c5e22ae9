"""Gathers the nouns that the topics define."""

from crm.accounts.models import Account, MeteringPoint
from crm.audit.models import AuditEntry
from crm.billing.models import Bill, Payment
from crm.calendar.models import CalendarDay, CalendarYear, WorkingWindow
from crm.changes.models import DirtyMonth
from crm.customers.models import Contact, Customer
from crm.engagement.models import Engagement
from crm.exports.models import Export
from crm.imports.models import ImportBatch
from crm.lists.models import SavedView
from crm.people.models import Unit, User
from crm.service_levels.models import ClockPolicy, Entitlement, ServiceLevel
from crm.tariffs.models import TariffPlan
from crm.tickets.models import Ticket, TicketNote

__all__ = [
    "Account",
    "AuditEntry",
    "Bill",
    "CalendarDay",
    "CalendarYear",
    "ClockPolicy",
    "Contact",
    "Customer",
    "DirtyMonth",
    "Engagement",
    "Entitlement",
    "Export",
    "ImportBatch",
    "MeteringPoint",
    "Payment",
    "SavedView",
    "ServiceLevel",
    "TariffPlan",
    "Ticket",
    "TicketNote",
    "Unit",
    "User",
    "WorkingWindow",
]
