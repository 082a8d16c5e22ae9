"""The moves a person makes on a ticket: one table for the page's buttons, their keys, macros and the API."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.people.errors import Refused
from crm.tickets import services
from crm.tickets.models import OPEN_STATES, Kind, State, Ticket


@dataclass(frozen=True)
class Action:
    """`states`: where it is offered. `do(ticket, words, by=, at=)`: `words` has `text`, and what `TextForm` asks besides."""

    verb: str
    label: object
    key: str
    icon: str
    states: tuple
    do: Callable
    needs_text: bool = False
    asks_text: bool = False
    prompt: object = ""
    offered: Callable = lambda ticket: True


def _with_text(service):
    return lambda ticket, words, **who: service(ticket=ticket, text=words.get("text", ""), **who)


def _close(ticket, words, **who):
    if cause_required(ticket) and not words.get("root_cause"):
        raise Refused(now_("Choose the root cause: a complaint is closed with what was behind it."), code="cause_required")
    more = {name: words.get(name) for name in ("satisfaction", "root_cause", "responsible_unit") if words.get(name)}
    return services.close(ticket=ticket, text=words.get("text", ""), **more, **who)


def cause_required(ticket: Ticket) -> bool:
    return ticket.kind == Kind.COMPLAINT and not ticket.root_cause


def _talk(ticket, words, **who):
    channel = words.get("channel") or "phone"
    return services.log_contact(ticket=ticket, text=words.get("text", ""), channel=channel, reached=bool(words.get("reached")), **who)


def _start(ticket, words, **who):
    return services.start(ticket=ticket, **who)


def _uncontacted(ticket: Ticket) -> bool:
    return ticket.contacted_at is None


def _unmerged(ticket: Ticket) -> bool:
    return ticket.duplicate_of_id is None


ALL = [
    Action("start", _("Take in hand"), "s", "player-play", (State.NEW,), _start),
    Action("contact", _("First contact made"), "c", "phone-call", tuple(OPEN_STATES), _with_text(services.contact), offered=_uncontacted),
    Action(
        "wait", _("Wait for the customer"), "w", "clock-pause", (State.NEW, State.WORKING), _with_text(services.wait),
        needs_text=True, asks_text=True, prompt=_("What has the customer to do? The clock stops until then."),
    ),
    Action("resume", _("Customer did it, go on"), "r", "player-play", (State.WAITING,), _with_text(services.resume)),
    Action(
        "answer", _("Answer"), "a", "message-circle", tuple(OPEN_STATES), _with_text(services.answer),
        needs_text=True, asks_text=True, prompt=_("What was the customer answered?"),
    ),
    Action(
        "close", pgettext_lazy("ticket", "Close"), "c", "circle-check", (State.ANSWERED,), _close,
        asks_text=True, prompt=_("Is the customer content?"),
    ),
    Action(
        "reopen", _("Reopen"), "o", "arrow-back-up", (State.ANSWERED, State.CLOSED), _with_text(services.reopen),
        needs_text=True, asks_text=True, prompt=_("Why is it opened again? A new clock starts."), offered=_unmerged,
    ),
    Action(
        "log_contact", _("Log a contact"), "l", "phone", tuple(OPEN_STATES), _talk, asks_text=True, prompt=_("What was said?"),
    ),
    Action(
        "note", _("Add an internal note"), "m", "note", tuple(State), _with_text(services.note), needs_text=True, asks_text=True, prompt=_("Read by colleagues only"),
    ),
]  # fmt: skip
VERBS = {action.verb: action for action in ALL}


def actions_for(ticket) -> list[Action]:
    """What can be done with a ticket where it stands."""
    return [action for action in ALL if ticket.state in action.states and action.offered(ticket)]
