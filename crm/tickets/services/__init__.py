"""What is done to a ticket, by verb: `tickets.assign(ticket=…, to=…, by=…, at=…)`."""

from crm.tickets.services.intake import Caller, accounts_for, log, log_once, logged_before
from crm.tickets.services.moves import answer, assign, close, contact, reopen, resume, start, wait
from crm.tickets.services.story import add_caller, note

__all__ = [
    "Caller", "accounts_for", "add_caller", "answer", "assign", "close", "contact", "log", "log_once", "logged_before", "note", "reopen",
    "resume", "start", "wait",
]  # fmt: skip
