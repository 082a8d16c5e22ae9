"""Promises that were missed, and a door for what is offered then: a wing above registers who knows the amends (`marketing.relations`)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Missed:
    """`what`: `contact`, `answer` or `resolve`. `done_at` None: not done yet."""

    what: str
    due_at: dt.datetime
    done_at: dt.datetime | None


@dataclass(frozen=True)
class Offer:
    """Amends that may be offered: what it is, and the page on which it is decided."""

    label: str
    url: str


PROVIDERS: list[Callable[..., list[Offer]]] = []
"""`provider(ticket=…, missed=…, user=…) -> [Offer]`, registered in an app's `ready()`."""


def missed_promises(ticket, *, at) -> list[Missed]:
    """The promises of a ticket that were not kept, as of a moment; a clock that stands still misses nothing."""
    steps = (
        ("contact", ticket.contact_due_at, ticket.contacted_at), ("answer", ticket.answer_due_at, ticket.answered_at),
        ("resolve", ticket.resolve_due_at, ticket.closed_at),
    )  # fmt: skip
    until = ticket.paused_at or at
    return [Missed(what, due, done) for what, due, done in steps if due and (done or until) > due and (done or ticket.is_open)]


def offers_for(ticket, *, missed, user) -> list[Offer]:
    """What may be offered to the customer; empty while nobody has registered."""
    return [offer for provider in PROVIDERS for offer in provider(ticket=ticket, missed=missed, user=user)] if missed else []
