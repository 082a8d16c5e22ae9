"""The moves a person makes on a ticket: one table for the page's buttons, their keys and the API."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.tickets import services
from crm.tickets.models import OPEN_STATES, State, Ticket


@dataclass(frozen=True)
class Action:
    """`states`: where it is offered. `do(ticket, words, by=, at=)`: `words` has `text` and `satisfaction`."""

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
    return services.close(ticket=ticket, text=words.get("text", ""), satisfaction=words.get("satisfaction"), **who)


def _start(ticket, words, **who):
    return services.start(ticket=ticket, **who)


def _uncontacted(ticket: Ticket) -> bool:
    return ticket.contacted_at is None


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
        needs_text=True, asks_text=True, prompt=_("Why is it opened again? A new clock starts."),
    ),
    Action(
        "note", _("Add a note"), "m", "note", tuple(State), _with_text(services.note), needs_text=True, asks_text=True, prompt=_("Note"),
    ),
]  # fmt: skip
VERBS = {action.verb: action for action in ALL}


def actions_for(ticket) -> list[Action]:
    """What can be done with a ticket where it stands."""
    return [action for action in ALL if ticket.state in action.states and action.offered(ticket)]
