"""Which clock a ticket gets, and why. Pure: no Django."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class Period(NamedTuple):
    """Days from `starts_on` to `ends_on`, both included."""

    starts_on: dt.date
    ends_on: dt.date


class Policy(Protocol):
    """What a clock policy looks like to the rule: empty conditions match anything."""

    ticket_kind: str
    category: str
    severity: str
    level_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class Case:
    """What is known of a ticket when its clock is chosen. `level_id`: the green channel in force with shorter clocks, if any."""

    kind: str
    category: str
    severity: str
    level_id: int | None
    on: dt.date


# From what weighs most to what weighs least: a green channel outweighs a major case, a major case its class, a class its kind.
CONDITIONS = (
    ("level", "level_id", "level_id"),
    ("severity", "severity", "severity"),
    ("category", "category", "category"),
    ("kind", "ticket_kind", "kind"),
)


def matches(policy: Policy, case: Case) -> bool:
    in_force = policy.valid_from <= case.on and (policy.valid_to is None or case.on <= policy.valid_to)
    return in_force and all(
        getattr(policy, mine) in ("", None) or getattr(policy, mine) == getattr(case, theirs) for _, mine, theirs in CONDITIONS
    )


def conditions_of(policy: Policy) -> tuple[str, ...]:
    """The conditions a policy sets, weightiest first: a part of `level, severity, category, kind`; empty for a policy for every ticket."""
    return tuple(name for name, mine, _ in CONDITIONS if getattr(policy, mine) not in ("", None))


def choose_policy(policies: Iterable[Policy], case: Case):
    """`(policy, why)`: the most specific policy in force on the day, and the conditions by which it was chosen; `(None, ())` for none.

    Weights of conditions as in `CONDITIONS`; between equals the one that came into force last wins, so that a revised policy replaces the
    one before it.
    """
    found = [policy for policy in policies if matches(policy, case)]
    if not found:
        return None, ()
    best = max(found, key=lambda policy: ([getattr(policy, mine) not in ("", None) for _, mine, _ in CONDITIONS], policy.valid_from))
    return best, conditions_of(best)


@dataclass(frozen=True)
class Promise:
    """When a ticket is due and by which policy. `answer_due_at` is empty, and `missing_year` says why, where the calendar ends.

    Times are aware. Without a policy everything is empty. `why`: the conditions by which the policy was chosen (see `choose_policy`);
    `plain_policy`: the one that would hold without a green channel. Policies and the entitlement are the rows given (Django is not known here).
    """

    policy: Any = None
    why: tuple[str, ...] = ()
    plain_policy: Any = None
    entitlement: Any = None
    pass_on_due_at: dt.datetime | None = None
    contact_due_at: dt.datetime | None = None
    answer_due_at: dt.datetime | None = None
    missing_year: int | None = None
