"""Gathers the tasks that the topics define, so that workers find them."""

from crm.exports import tasks as exports
from crm.imports import tasks as imports
from crm.jobs import tasks as jobs
from crm.service_levels import tasks as service_levels
from crm.tickets import tasks as tickets
from crm.webhooks import tasks as webhooks

__all__ = ["exports", "imports", "jobs", "service_levels", "tickets", "webhooks"]
