"""Who gets what of an address, as one line says it.

Roles stand in the order of `ROLES`. `o` is let in (whatever the form then says), `f` is told 403, `n` finds nothing (404).
An address about something of an account has three answers: Anna's own account, a colleague's at her station, one of another branch.
"""

import datetime as dt
from dataclasses import dataclass, field

MONDAY = dt.date(2026, 11, 23)
LIST = "segmentation:portfolio"
ROLES = ["manager", "supervisor", "agent", "analyst", "administrator"]


@dataclass(frozen=True)
class Answer:
    """`about` names a thing of the world (see world.py) whose key the address takes, or is empty; statuses for own, unit and foreign."""

    method: str
    about: str
    own: str
    unit: str
    foreign: str
    extra: tuple = ()
    query: str = ""
    data: dict = field(default_factory=dict)


def get(about="", own="ooooo", unit=None, foreign=None, extra=(), query=""):
    return Answer("get", about, own, unit or own, foreign or _beyond(own, about), extra, query)


def post(about="", own="ooooo", unit=None, foreign=None, extra=(), data=None):
    return Answer("post", about, own, unit or own, foreign or _beyond(own, about), extra, data=data or {})


# What lies in another branch does not exist for Anna and Boss, unless their role is refused at the door.
OF_AN_ACCOUNT = {
    "attachment",
    "account",
    "customer",
    "contact",
    "ticket",
    "engagement",
    "entitlement",
    "proposal",
    "standing",
    "payment",
    "entry",
    "call",
    "survey",
    "escalation",
}


def _beyond(own, about):
    if about not in OF_AN_ACCOUNT:
        return own
    return "".join("n" if role < 2 and letter == "o" else letter for role, letter in enumerate(own))
