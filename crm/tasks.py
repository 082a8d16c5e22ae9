"""Gathers the tasks that the topics define."""
from crm.imports.tasks import check, load, sweep
from crm.service_levels.tasks import expire
from crm.tickets.tasks import mark_breaches

__all__ = ["check", "expire", "load", "mark_breaches", "sweep"]
