"""Which rule holds for a ticket, and which of several people gets it. Pure: no Django, no clock."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

WORDS = re.compile(r"[,，、;；\n]+")
WORKERS = ("manager", "supervisor", "agent")


@dataclass(frozen=True)
class Person:
    """`unit_code`: empty for who is not bound to a unit (agents). `absent`: gets nothing today; `substitute` is who then stands in."""

    key: int
    role: str
    unit_code: str = ""
    absent: bool = False
    substitute: int | None = None


@dataclass(frozen=True)
class Case:
    """What is known of a ticket. `unit_code` is empty while the account is not known. `hour`: local, 0 to 23."""

    kind: str
    category: str
    severity: str
    hour: int
    text: str = ""
    unit_code: str = ""
    unit_kind: str = ""
    tier: str = ""
    green: bool = False
    manager: int | None = None
    representative: int | None = None


@dataclass
class Choice:
    """`to`: None when nobody is there. `steps`: the places asked in turn, each `{place, candidates, passed_over}`, the last one gave `to`.

    `why`: the conditions by which `rule` held; empty with a rule for every ticket. Without a rule the usual order was taken.
    """

    to: int | None = None
    rule: Any = None
    why: tuple[str, ...] = ()
    steps: list = field(default_factory=list)
    strategy: str = ""


def words_of(text: str) -> list[str]:
    return [word for part in WORDS.split(text.lower()) if (word := part.strip())]


def conditions_of(rule) -> tuple[str, ...]:
    """The conditions a rule sets, in the order of its form."""
    lists = [name for name in ("kinds", "categories", "severities") if getattr(rule, name)]
    unit = ["unit"] if rule.unit_id else []
    more = [name for name in ("unit_kinds", "tiers") if getattr(rule, name)]
    green = ["green"] if rule.green is not None else []
    return (*lists, *unit, *more, *green, *(["words"] if words_of(rule.words) else []), *(["hours"] if rule.hour_from is not None else []))


def matches(rule, case: Case) -> bool:
    """Whether every condition the rule sets holds; `rule.unit.code` leads the codes of all units below it."""
    checks = {
        "kinds": lambda: case.kind in rule.kinds,
        "categories": lambda: case.category in rule.categories,
        "severities": lambda: case.severity in rule.severities,
        "unit": lambda: bool(case.unit_code) and case.unit_code.startswith(rule.unit.code),
        "unit_kinds": lambda: case.unit_kind in rule.unit_kinds,
        "tiers": lambda: case.tier in rule.tiers,
        "green": lambda: case.green == rule.green,
        "words": lambda: any(word in case.text for word in words_of(rule.words)),
        "hours": lambda: in_hours(case.hour, rule.hour_from, rule.hour_to),
    }
    return all(checks[name]() for name in conditions_of(rule))


def in_hours(hour: int, start: int, end: int) -> bool:
    """`end` itself is no longer in; 22 to 6 goes over midnight."""
    return start <= hour < end if start < end else hour >= start or hour < end


class Router:
    """Chooses for one ticket after the other; it counts what it gives away, so that a batch is spread as single tickets would be.

    `rota`: {rule key: who was last}; `loads`: {person key: open tickets}. Both are changed by `choose`.
    """

    def __init__(self, *, rules: Iterable, people: Iterable[Person], loads: dict[int, int], rota: dict[int, int | None], pool_lead=None):
        self.rules = list(rules)
        self.people = {person.key: person for person in people if person.role in WORKERS}
        self.loads, self.rota, self.pool_lead = loads, rota, pool_lead

    def choose(self, case: Case) -> Choice:
        rule = next((rule for rule in self.rules if matches(rule, case)), None)
        choice = Choice(rule=rule, why=conditions_of(rule) if rule else ())
        for place, candidates in self._places(rule, case):
            present, passed_over = self._present(candidates, case)
            choice.steps.append({"place": place, "candidates": present[:12], "passed_over": passed_over[:12]})
            if present:
                choice.strategy = self._strategy(place, rule, present)
                choice.to = self._one_of(present, choice.strategy, rule)
                self.loads[choice.to] = self.loads.get(choice.to, 0) + 1
                break
        return choice

    def _places(self, rule, case):
        """Where to ask, one after the other: the rule's own target, then the usual order, so that nobody's ticket is left lying."""
        if rule:
            yield rule.target, self._target(rule, case)
        for place in ("manager", "supervisor", "pool", "agents"):
            if rule is None or place != rule.target:
                yield place, self._place(place, case)

    def _target(self, rule, case):
        if rule.target == "person":
            return [rule.person_id]
        if rule.target == "unit":
            code = rule.target_unit.code if rule.target_unit_id else case.unit_code
            return [key for key, who in self.people.items() if code and who.role == "manager" and who.unit_code.startswith(code)]
        return self._place(rule.target, case)

    def _place(self, place, case):
        match place:
            case "manager":
                return [case.manager] if case.manager else []
            case "rep":
                return [case.representative] if case.representative else []
            case "supervisor":
                return supervisors_over(self.people.values(), case.unit_code)
            case "pool":
                return [self.pool_lead] if self.pool_lead else []
        return sorted(key for key, who in self.people.items() if who.role == "agent")

    def _present(self, candidates, case):
        """Who can take it now, and who was passed over and why. Of supervisors only the nearest level counts (they come nearest first)."""
        present, passed_over, level = [], [], None
        for key in dict.fromkeys(candidates):
            why_not, stand_in = self._why_not(key, case), self._stand_in(key, case)
            if why_not:
                passed_over.append([key, why_not])
            taker = key if not why_not else stand_in
            if taker is None or taker in present:
                continue
            unit = self.people[key].unit_code if self.people[key].role == "supervisor" else None
            if level is not None and unit != level:
                break
            level = unit if level is None else level
            present.append(taker)
        return present, passed_over

    def _why_not(self, key, case):
        who = self.people.get(key)
        if who is None:
            return "gone"
        if who.absent:
            return "absent"
        return "" if reaches(who, case) else "out_of_reach"

    def _stand_in(self, key, case):
        who = self.people.get(key)
        if who is None or not who.absent or who.substitute is None or self._why_not(who.substitute, case):
            return None
        return who.substitute

    def _strategy(self, place, rule, present):
        if len(present) == 1:
            return ""
        return rule.strategy if rule and place == rule.target else "least_busy"

    def _one_of(self, present, strategy, rule):
        if strategy == "round_robin":
            ordered, last = sorted(present), self.rota.get(rule.pk)
            chosen = next((key for key in ordered if last is not None and key > last), ordered[0])
            self.rota[rule.pk] = chosen
            return chosen
        return min(present, key=lambda key: (self.loads.get(key, 0), key))


def reaches(who: Person, case: Case) -> bool:
    """Whether the person would see the ticket: agents see all, others the accounts of their unit, managers also their own."""
    if who.role == "agent" or not case.unit_code:
        return True
    return (bool(who.unit_code) and case.unit_code.startswith(who.unit_code)) or who.key == case.manager


def supervisors_over(people: Iterable[Person], unit_code: str) -> list[int]:
    """Supervisors whose unit is the account's or above it, the nearest first."""
    over = [who for who in people if who.role == "supervisor" and who.unit_code and unit_code.startswith(who.unit_code)]
    return [who.key for who in sorted(over, key=lambda who: (-len(who.unit_code), who.key))]
