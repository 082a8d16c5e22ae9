"""Gathers the tasks that the topics define, so that workers find them."""

from crm.escalation import tasks as escalation
from crm.exports import tasks as exports
from crm.imports import tasks as imports
from crm.jobs import tasks as jobs
from crm.routing import tasks as routing
from crm.satisfaction import tasks as satisfaction
from crm.service_levels import tasks as service_levels
from crm.tickets import tasks as tickets
from crm.webhooks import tasks as webhooks

__all__ = ["escalation", "exports", "imports", "jobs", "routing", "satisfaction", "service_levels", "tickets", "webhooks"]
