"""The addresses of the facts, gathered from the topics. A topic keeps its own `urlpatterns`; here is one line for each."""

from crm.account_page.urls import urlpatterns as account_page
from crm.accounts.urls import urlpatterns as accounts
from crm.answers.urls import urlpatterns as answers
from crm.attachments.urls import urlpatterns as attachments
from crm.audit.urls import urlpatterns as audit
from crm.calendar.urls import urlpatterns as calendar
from crm.customers.urls import urlpatterns as customers
from crm.demo.urls import urlpatterns as demo
from crm.engagement.urls import urlpatterns as engagement
from crm.escalation.urls import urlpatterns as escalation
from crm.exports.urls import urlpatterns as exports
from crm.imports.urls import urlpatterns as imports
from crm.jobs.urls import urlpatterns as jobs
from crm.lists.urls import urlpatterns as lists
from crm.palette.urls import urlpatterns as palette
from crm.people.urls import urlpatterns as people
from crm.routing.urls import urlpatterns as routing
from crm.satisfaction.urls import urlpatterns as satisfaction
from crm.search.urls import urlpatterns as search
from crm.service_levels.urls import urlpatterns as service_levels
from crm.taxonomy.urls import urlpatterns as taxonomy
from crm.telephony.urls import urlpatterns as telephony
from crm.tickets.urls import urlpatterns as tickets
from crm.wall.urls import urlpatterns as wall
from crm.webhooks.urls import urlpatterns as webhooks

app_name = "crm"
urlpatterns = [
    *people,
    *audit,
    *customers,
    *accounts,
    *engagement,
    *lists,
    *imports,
    *exports,
    *jobs,
    *webhooks,
    *telephony,
    *calendar,
    *demo,
    *service_levels,
    *answers,
    *attachments,
    *taxonomy,
    *tickets,
    *routing,
    *escalation,
    *wall,
    *satisfaction,
    *search,
    *palette,
    *account_page,
]
