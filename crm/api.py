"""The viewsets of this wing, gathered from the topics: (prefix, viewset, basename). A topic keeps its own `ROUTES`; here is one line for each."""

from crm.account_page.api import ROUTES as ACCOUNTS
from crm.answers.api import ROUTES as ANSWERS
from crm.attachments.api import ROUTES as ATTACHMENTS
from crm.audit.api import ROUTES as AUDIT
from crm.billing.api import ROUTES as BILLING
from crm.calendar.api import ROUTES as CALENDAR
from crm.customers.api import ROUTES as CUSTOMERS
from crm.engagement.api import ROUTES as ENGAGEMENT
from crm.escalation.api import ROUTES as ESCALATION
from crm.exports.api import ROUTES as EXPORTS
from crm.imports.api import ROUTES as IMPORTS
from crm.jobs.api import ROUTES as JOBS
from crm.lists.saved_views_api import ROUTES as SAVED_VIEWS
from crm.palette.api import ROUTES as PALETTE
from crm.people.api import ROUTES as PEOPLE
from crm.routing.api import ROUTES as ROUTING
from crm.satisfaction.api import ROUTES as SATISFACTION
from crm.search.api import ROUTES as SEARCH
from crm.service_levels.api import ROUTES as SERVICE_LEVELS
from crm.taxonomy.api import ROUTES as TERMS
from crm.telephony.api import ROUTES as CALLS
from crm.tickets.api import ROUTES as TICKETS
from crm.wall.api import ROUTES as WALL
from crm.webhooks.api import ROUTES as WEBHOOKS

ROUTES: list = [
    *PEOPLE,
    *AUDIT,
    *CUSTOMERS,
    *ACCOUNTS,
    *BILLING,
    *ENGAGEMENT,
    *SAVED_VIEWS,
    *SEARCH,
    *PALETTE,
    *IMPORTS,
    *EXPORTS,
    *CALENDAR,
    *SERVICE_LEVELS,
    *TICKETS,
    *ROUTING,
    *ESCALATION,
    *WALL,
    *SATISFACTION,
    *ATTACHMENTS,
    *ANSWERS,
    *TERMS,
    *JOBS,
    *WEBHOOKS,
    *CALLS,
]
