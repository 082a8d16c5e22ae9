"""The addresses of the facts, gathered from the topics. A topic keeps its own `urlpatterns`; here is one line for each."""
from crm.accounts.urls import urlpatterns as accounts
from crm.audit.urls import urlpatterns as audit
from crm.customers.urls import urlpatterns as customers
from crm.engagement.urls import urlpatterns as engagement
from crm.lists.urls import urlpatterns as lists
from crm.people.urls import urlpatterns as people

app_name = "crm"
urlpatterns = [
    *people,
    *audit,
    *customers,
    *accounts,
    *engagement,
    *lists,
]
