"""Which clock a ticket gets, and why. Pure: no Django."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from crm.calendar.clock import Measure, Target

# How people say a target: unit → (measure, how many of it). The coarsest comes first.
UNITS = {
    "day": (Measure.MINUTES, 24 * 60),
    "hour": (Measure.MINUTES, 60),
    "minute": (Measure.MINUTES, 1),
    "working_day": (Measure.WORKING_DAYS, 1),
    "working_hour": (Measure.WORKING_MINUTES, 60),
    "working_minute": (Measure.WORKING_MINUTES, 1),
}


def said(target: Target) -> tuple[int, str]:
    """`(4, "working_hour")` of 240 working minutes: the coarsest unit that tells it whole; days only from two on (24 h stays 24 hours)."""
    for unit, (measure, size) in UNITS.items():
        if measure == target.measure and target.amount % size == 0 and not (unit == "day" and target.amount < 2 * size):
            return target.amount // size, unit
    raise AssertionError("unreachable: every measure has a unit of one")


def meant(amount: int, unit: str) -> Target:
    """The target of `amount` units (see `UNITS`)."""
    measure, size = UNITS[unit]
    return Target(amount * size, measure)


class Period(NamedTuple):
    """Days from `starts_on` to `ends_on`, both included."""

    starts_on: dt.date
    ends_on: dt.date


class Policy(Protocol):
    """What a clock policy looks like to the rule: empty conditions match anything."""

    ticket_kind: str
    category: str
    severity: str
    unit_kind: str
    tier: str
    level_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class Case:
    """What is known of a ticket when its clock is chosen. `level_id`: the green channel in force with shorter clocks, if any.

    `unit_kind`: of the account's unit (`urban`, `rural`, `remote`); `tier`: where the account stands. Both empty when not known.
    """

    kind: str
    category: str
    severity: str
    level_id: int | None
    on: dt.date
    unit_kind: str = ""
    tier: str = ""


# From what weighs most to what weighs least: a green channel outweighs a major case, a major case the tier, the tier a class, a class its
# kind, a kind the sort of place.
CONDITIONS = (
    ("level", "level_id", "level_id"),
    ("severity", "severity", "severity"),
    ("tier", "tier", "tier"),
    ("category", "category", "category"),
    ("kind", "ticket_kind", "kind"),
    ("unit_kind", "unit_kind", "unit_kind"),
)


def matches(policy: Policy, case: Case) -> bool:
    in_force = policy.valid_from <= case.on and (policy.valid_to is None or case.on <= policy.valid_to)
    return in_force and all(
        getattr(policy, mine) in ("", None) or getattr(policy, mine) == getattr(case, theirs) for _, mine, theirs in CONDITIONS
    )


def conditions_of(policy: Policy) -> tuple[str, ...]:
    """The conditions a policy sets, weightiest first: a part of `CONDITIONS`' names; empty for a policy for every ticket."""
    return tuple(name for name, mine, _ in CONDITIONS if getattr(policy, mine) not in ("", None))


def specificity(policy: Policy) -> tuple[bool, ...]:
    """By which policies are ordered: which conditions are set, weightiest first. Equal for two that match one case: the same conditions."""
    return tuple(getattr(policy, mine) not in ("", None) for _, mine, _ in CONDITIONS)


def matching(policies: Iterable[Policy], case: Case) -> list:
    """The policies that hold for a case, the most specific first.

    Between equals, which only one and the same set of conditions makes and the database keeps apart in time, the later one leads.
    """
    found = [policy for policy in policies if matches(policy, case)]
    return sorted(found, key=lambda policy: (specificity(policy), policy.valid_from), reverse=True)


def choose_policy(policies: Iterable[Policy], case: Case):
    """`(policy, why)`: the most specific policy in force on the day, and the conditions by which it was chosen; `(None, ())` for none."""
    found = matching(policies, case)
    return (found[0], conditions_of(found[0])) if found else (None, ())


@dataclass(frozen=True)
class Promise:
    """When a ticket is due and by which policy. A due time is empty, and `missing_year` says why, where the calendar ends.

    Times are aware. Without a policy everything is empty. `why`: the conditions by which the policy was chosen (see `choose_policy`);
    `others`: the policies that held too and were less specific; `plain_policy`: the one that would hold without a green channel;
    `used_up`: a green channel stands, but its quota of shorter clocks is used up. Rows are those given (Django is not known here).
    """

    policy: Any = None
    why: tuple[str, ...] = ()
    others: tuple = ()
    plain_policy: Any = None
    entitlement: Any = None
    quota: Any = None
    used_up: bool = False
    case: Case | None = None
    pass_on_due_at: dt.datetime | None = None
    contact_due_at: dt.datetime | None = None
    answer_due_at: dt.datetime | None = None
    resolve_due_at: dt.datetime | None = None
    missing_year: int | None = None

    def explained(self) -> dict:
        """What a ticket keeps of the choice, as JSON: codes and keys, told in the reader's language when shown.

        `why`: conditions, `case`: what was known, `others`: keys of the policies outweighed, `plain`: key of the one without a green
        channel, `used_up`, `missing_year`.
        """
        known = self.case
        return {
            "why": list(self.why),
            "case": {name: getattr(known, name) for name in ("unit_kind", "tier")} if known else {},
            "others": [policy.pk for policy in self.others],
            "plain": self.plain_policy.pk if self.plain_policy else None,
            "used_up": self.used_up,
            "missing_year": self.missing_year,
        }
