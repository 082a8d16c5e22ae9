"""What is done to a ticket, by verb: `tickets.assign(ticket=…, to=…, by=…, at=…)`."""

from crm.tickets.services.closing import close
from crm.tickets.services.families import make_part_of, take_out
from crm.tickets.services.intake import Caller, accounts_for, log, log_once, logged_before
from crm.tickets.services.merging import merge, undo_merge
from crm.tickets.services.moves import answer, assign, contact, reopen, resume, start, wait
from crm.tickets.services.story import add_caller, escalate, log_contact, note

__all__ = [
    "Caller", "accounts_for", "add_caller", "answer", "assign", "close", "contact", "escalate", "log", "log_contact", "log_once",
    "logged_before", "make_part_of", "merge", "note", "reopen", "resume", "start", "take_out", "undo_merge", "wait",
]  # fmt: skip
