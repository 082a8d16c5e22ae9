"""Asking for a report, writing it, passing it on, planning it."""

from segmentation.reports.services.asking import KEEP_FOR, again, ask, cancel, forget, remove
from segmentation.reports.services.generating import generate, waiting
from segmentation.reports.services.planning import end, make_due, plan, revise, switch
from segmentation.reports.services.sharing import path_of, read_link, revoke, share
from segmentation.reports.services.telling import tell_due

__all__ = [
    "KEEP_FOR", "again", "ask", "cancel", "end", "forget", "generate", "make_due",
    "path_of", "plan", "read_link", "remove", "revise", "revoke", "share", "switch", "tell_due", "waiting",
]  # fmt: skip
