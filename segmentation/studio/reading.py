"""A simulation as one reader may see it: a supervisor's subtree only, names as the reader may read them."""

from collections import defaultdict

from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.people.models import Unit, User
from segmentation.engine.explain import words
from segmentation.engine.policy import GRADES, UNRATED
from segmentation.policies.models import Policy
from segmentation.runs.comparing import ORDER, tier_words
from segmentation.runs.models import Quadrant
from segmentation.studio.models import Simulation

TOP = ("diamond", "platinum", "gold")
SHOWN_MOVES, SHOWN_UNITS = 100, 40


class Read:
    """`scope`: the code a reader's units begin with, empty for all."""

    def __init__(self, simulation: Simulation, scope: str):
        self.simulation, self.scope = simulation, scope
        self.cube = [row for row in simulation.result.get("cube", []) if row[0].startswith(scope)]

    @property
    def accounts(self) -> int:
        return sum(row[4] for row in self.cube)

    @property
    def by_grade(self) -> bool:
        """A credit policy moves grades first; tiers follow through the gates alone."""
        return self.simulation.policy.kind == Policy.Kind.CREDIT

    def _flows(self) -> list[tuple]:
        """(before, after, accounts, fen) of what the policy decides: grades, or tiers."""
        if self.by_grade:
            return [tuple(row[1:]) for row in self.simulation.result.get("grades", []) if row[0].startswith(self.scope)]
        return [tuple(row[2:]) for row in self.cube]

    def moved(self) -> dict:
        """Accounts and money that rise and fall, and those scored only before or only after."""
        found = {"up": 0, "down": 0, "up_fen": 0, "down_fen": 0, "same": 0}
        for before, after, many, fen in self._flows():
            way = _way(before, after)
            found[way] += many
            if way != "same":
                found[f"{way}_fen"] += fen
        return found

    def tiers(self) -> list[dict]:
        """One row a tier: accounts and revenue before and after."""
        labels = tier_words()
        rows: dict[str, dict] = {
            tier: {"key": tier, "label": labels[tier], "before": 0, "after": 0, "fen_before": 0, "fen_after": 0} for tier in ORDER[:6]
        }
        for _unit, _manager, before, after, many, fen in self.cube:
            rows[before]["before"] += many
            rows[before]["fen_before"] += fen
            rows[after]["after"] += many
            rows[after]["fen_after"] += fen
        most = max((max(row["before"], row["after"]) for row in rows.values()), default=0) or 1
        for row in rows.values():
            row |= {"by": row["after"] - row["before"], "bar_before": row["before"] / most, "bar_after": row["after"] / most}
        return list(rows.values())

    def pairs(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = defaultdict(int)
        for before, after, many, _fen in self._flows():
            found[before, after] += many
        return dict(found)

    def sankey(self) -> dict:
        """The moves as a drawing; accounts that stay are left out, or they would hide every move."""
        labels, order, colours = tier_words(), ORDER, {tier: tier for tier in ORDER[:5]}
        if self.by_grade:
            labels, order, colours = _grade_words(), [*GRADES, UNRATED], {"A": "diamond", "B": "gold", "C": "warn"}
        moves = {pair: many for pair, many in self.pairs().items() if pair[0] != pair[1]}
        sides = {"a": (0, _("now")), "b": (1, _("under the draft"))}
        ends = [(side, tier, when) for side, (at, when) in sides.items() for tier in order if any(pair[at] == tier for pair in moves)]
        return {
            "kind": "sankey", "title": _("Who would move where"), "unit": "count", "note": _("Accounts that stay where they are are left out."),
            "nodes": [{"id": f"{side}-{tier}", "name": f"{labels[tier]} · {when}", "key": colours.get(tier, "muted")} for side, tier, when in ends],
            "links": [{"source": f"a-{before}", "target": f"b-{after}", "value": many} for (before, after), many in sorted(moves.items())],
        }  # fmt: skip

    def grades(self) -> list[dict]:
        return self._sides("grades", list(_grade_words().items()))

    def quadrants(self) -> list[dict]:
        return self._sides("quadrants", [(it.value or "unscored", it.label) for it in Quadrant])

    def _sides(self, name, listed):
        rows = {key: {"key": key, "label": label, "before": 0, "after": 0} for key, label in listed}
        for unit, before, after, many, _fen in self.simulation.result.get(name, []):
            if unit.startswith(self.scope):
                rows[before]["before"] += many
                rows[after]["after"] += many
        return [row | {"by": row["after"] - row["before"]} for row in rows.values()]

    def by_unit(self) -> list[dict]:
        names = {unit.code: str(unit) for unit in Unit.objects.filter(code__in={row[0] for row in self.cube})}
        rows = self._grouped(0, lambda code: names.get(code, code))
        if self.by_grade:
            _count_grades(rows, self.simulation.result.get("grades", []))
        return _most_moved(rows.values())

    def by_manager(self) -> list[dict]:
        people = User.objects.filter(pk__in={row[1] for row in self.cube if row[1]})
        names = {person.pk: str(person) for person in people}
        return _most_moved(self._grouped(1, lambda pk: names.get(pk, _("Nobody"))).values())

    def _grouped(self, at, name) -> dict:
        found: dict = defaultdict(lambda: {"accounts": 0, "up": 0, "down": 0, "fen": 0, "top_before": 0, "top_after": 0})
        for row in self.cube:
            group, before, after, many, fen = found[row[at]], row[2], row[3], row[4], row[5]
            way = _way(before, after)
            group["accounts"] += many
            group["fen"] += fen
            if way != "same":
                group[way] += many
            group["top_before"] += fen * (before in TOP)
            group["top_after"] += fen * (after in TOP)
        return {key: {"label": name(key), **group} for key, group in found.items()}

    def moves(self, reader, language) -> list[dict]:
        """The largest moves among what the reader may see, each with what was said before and what would be said."""
        listed = [move for move in self.simulation.moves if move["unit_code"].startswith(self.scope)][:SHOWN_MOVES]
        accounts = Account.objects.visible_to(reader.user).select_related("customer").in_bulk([move["account_id"] for move in listed])
        return [_told(move, accounts[move["account_id"]], language, self.by_grade) for move in listed if move["account_id"] in accounts]


def _most_moved(rows):
    return sorted(rows, key=lambda row: (-row["up"] - row["down"], row["label"]))[:SHOWN_UNITS]


def _count_grades(rows, grades):
    """In the place of tiers that rise and fall: grades."""
    for row in rows.values():
        row |= {"up": 0, "down": 0}
    for unit, before, after, many, _fen in grades:
        if unit in rows and (way := _way(before, after)) != "same":
            rows[unit][way] += many


def _grade_words():
    return {**{grade: grade for grade in GRADES}, UNRATED: _("Not rated")}


def _told(move, account, language, by_grade):
    before, after = words(move["why_a"], language), words(move["why_b"], language)
    return {
        **move, "account": account, "rises": _way(move["tier_a"], move["tier_b"]) == "up",
        "tier_a": _shown(move["tier_a"]), "tier_b": _shown(move["tier_b"]),
        "before": _lines(before, by_grade), "after": _lines(after, by_grade),
    }  # fmt: skip


def _lines(said, by_grade):
    if by_grade:
        return said.get("credit", [])[:2]
    return [*said.get("lifts", [])[:1], *said.get("pulls", [])[:1], *[said[key] for key in ("gate", "floor") if key in said]]


def _shown(tier):
    return "" if tier == "unscored" else tier


def _way(before, after):
    if before == after:
        return "same"
    order = ORDER if before in ORDER else [*GRADES, UNRATED]
    return "up" if order.index(after) < order.index(before) else "down"


def scope_of(user) -> str:
    return user.unit.code if user.bound_to_unit else ""
