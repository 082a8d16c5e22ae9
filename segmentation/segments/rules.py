"""The rule of a segment: a tree of and, or, not over conditions; checked, compiled to parameterised SQL, evaluated. Pure.

    {"all": [rule, ...]}   {"any": [rule, ...]}   {"not": rule}
    {"field": "growth", "is": "over", "value": 20}

A condition on something unknown is not met, so its `not` is: every rule says yes or no of every account, in SQL as here. Numbers are
written in the field's unit of people (yuan, %), and compared in the column's (fen, share).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

DEPTH, CONDITIONS, VALUES = 6, 60, 60
LARGEST = 10**15
GROUPS = ("all", "any")
NUMBER = {"over": ">", "at_least": ">=", "under": "<", "at_most": "<=", "between": "between"}
KNOWN = ("known", "unknown")
OPERATORS = {
    "number": (*NUMBER, *KNOWN),
    "choice": ("in", "not_in"),
    "unit": ("in", "not_in"),
    "flag": ("yes", "no", *KNOWN),
}
TIMES = {"yuan": 100}  # unit of people -> how many of the column's
PARTS = {"%": 100}  # unit of people -> how many of them are one of the column's


@dataclass(frozen=True)
class Field:
    """Something of an account that a rule may ask about. `column` is ours, never a person's text; `choices` the values there are.

    `kind` is number, choice, flag, or unit: a code that also stands for all units below it, whose codes begin with it.
    """

    name: str
    kind: str
    column: str
    unit: str = ""
    choices: tuple[str, ...] = ()

    def stored(self, value) -> float:
        """A number as people write it, in the unit of the column."""
        return float(value) * TIMES.get(self.unit, 1) / PARTS.get(self.unit, 1)


class BadRule(ValueError):
    """`code` and `given` say what is wrong, `place` at which condition: (2, 1) is the first part of the second part."""

    def __init__(self, code: str, place: tuple[int, ...], **given):
        super().__init__(f"{code} at {'.'.join(map(str, place)) or 'the top'}: {given}")
        self.code, self.place, self.given = code, place, given


@dataclass(frozen=True)
class Condition:
    field: Field
    operator: str
    value: object = None


@dataclass(frozen=True)
class Group:
    """`how` is all, any or not; a `not` has one part."""

    how: str
    parts: tuple = ()


@dataclass
class _Reading:
    fields: Mapping[str, Field]
    conditions: int = field(default=0)


def parse(tree, fields: Mapping[str, Field]):
    """The rule of a JSON tree. Raises `BadRule`, naming the condition."""
    return _parse(tree, (), _Reading(fields))


def _parse(tree, place, reading):
    if len(place) > DEPTH:
        raise BadRule("too_deep", place, most=DEPTH)
    if not isinstance(tree, dict):
        raise BadRule("not_a_rule", place)
    if set(tree) == {"not"}:
        return Group("not", (_parse(tree["not"], (*place, 1), reading),))
    if len(tree) == 1 and (how := next(iter(tree))) in GROUPS:
        return _group(how, tree[how], place, reading)
    if "field" in tree:
        return _condition(tree, place, reading)
    raise BadRule("not_a_rule", place)


def _group(how, parts, place, reading):
    if not isinstance(parts, list):
        raise BadRule("not_a_rule", place)
    if not parts:
        raise BadRule("empty_group", place)
    if len(parts) > CONDITIONS:
        raise BadRule("too_many", place, most=CONDITIONS)
    return Group(how, tuple(_parse(part, (*place, number), reading) for number, part in enumerate(parts, 1)))


def _condition(tree, place, reading):
    reading.conditions += 1
    if reading.conditions > CONDITIONS:
        raise BadRule("too_many", place, most=CONDITIONS)
    if unknown := set(tree) - {"field", "is", "value"}:
        raise BadRule("unknown_key", place, key=str(min(unknown, key=str))[:40])
    name, operator = tree.get("field"), tree.get("is")
    asked = reading.fields.get(name) if isinstance(name, str) else None
    if asked is None:
        raise BadRule("unknown_field", place, field=str(name)[:60])
    if not isinstance(operator, str) or operator not in OPERATORS[asked.kind]:
        raise BadRule("unknown_operator", place, field=name, operator=str(operator)[:40], known=", ".join(OPERATORS[asked.kind]))
    return Condition(asked, operator, _value(asked, operator, tree.get("value"), place))


def _value(asked, operator, value, place):
    if asked.kind in ("choice", "unit"):
        return _choices(asked, value, place)
    if operator in NUMBER:
        return _between(asked, value, place) if operator == "between" else _number(asked, value, place)
    return None


def _choices(asked, values, place):
    if not isinstance(values, list) or not values:
        raise BadRule("no_choice", place, field=asked.name)
    if len(values) > VALUES:
        raise BadRule("too_many_choices", place, field=asked.name, most=VALUES)
    for value in values:
        if not isinstance(value, str) or value not in asked.choices:
            raise BadRule("unknown_choice", place, field=asked.name, value=str(value)[:60])
    return tuple(dict.fromkeys(values))


def _between(asked, value, place):
    if not isinstance(value, list) or len(value) != 2:
        raise BadRule("two_numbers", place, field=asked.name)
    low, high = (_number(asked, one, place) for one in value)
    if low > high:
        raise BadRule("upside_down", place, field=asked.name, low=low, high=high)
    return (low, high)


def _number(asked, value, place):
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadRule("not_a_number", place, field=asked.name)
    if not abs(value) <= LARGEST:  # also refuses NaN
        raise BadRule("not_a_number", place, field=asked.name)
    return value


def tree_of(rule) -> dict:
    """The JSON tree of a parsed rule: `parse` of it gives the rule again."""
    if isinstance(rule, Condition):
        tree: dict[str, object] = {"field": rule.field.name, "is": rule.operator}
        if rule.value is not None:
            tree["value"] = list(rule.value) if isinstance(rule.value, tuple) else rule.value
        return tree
    parts = [tree_of(part) for part in rule.parts]
    return {"not": parts[0]} if rule.how == "not" else {rule.how: parts}


def fields_of(rule) -> set[str]:
    """Names of the fields a rule asks about."""
    return {rule.field.name} if isinstance(rule, Condition) else set().union(*(fields_of(part) for part in rule.parts))


def sql_of(rule) -> tuple[str, list]:
    """(condition, parameters) in DuckDB's SQL: columns of `Field`s and question marks only."""
    if isinstance(rule, Group):
        compiled = [sql_of(part) for part in rule.parts]
        parameters = [value for _text, values in compiled for value in values]
        if rule.how == "not":
            return f"not {compiled[0][0]}", parameters
        return "(" + (" and " if rule.how == "all" else " or ").join(text for text, _values in compiled) + ")", parameters
    return _sql(rule)


def _sql(condition):
    column, operator = condition.field.column, condition.operator
    if operator in KNOWN:
        return f"({column} is {'not ' if operator == 'known' else ''}null)", []
    if condition.field.kind == "flag":
        return f"coalesce({column} = ?, false)", [operator == "yes"]
    if condition.field.kind == "choice":
        marks = ", ".join("?" for _value in condition.value)
        return f"coalesce({column} {'not ' if operator == 'not_in' else ''}in ({marks}), false)", list(condition.value)
    if condition.field.kind == "unit":
        under = " or ".join(f"starts_with({column}, ?)" for _value in condition.value)
        return f"coalesce({'not ' if operator == 'not_in' else ''}({under}), false)", list(condition.value)
    if operator == "between":
        return f"coalesce({column} between ? and ?, false)", [condition.field.stored(value) for value in condition.value]
    return f"coalesce({column} {NUMBER[operator]} ?, false)", [condition.field.stored(condition.value)]


def holds(rule, row: Mapping) -> bool:
    """Whether the rule is met by an account, given {field name: value as the column has it, None where unknown}."""
    if isinstance(rule, Group):
        met = [holds(part, row) for part in rule.parts]
        return not met[0] if rule.how == "not" else all(met) if rule.how == "all" else any(met)
    value, operator = row.get(rule.field.name), rule.operator
    if operator in KNOWN:
        return (value is None) == (operator == "unknown")
    if value is None:
        return False
    if rule.field.kind == "flag":
        return value == (operator == "yes")
    if rule.field.kind == "choice":
        return (value in rule.value) == (operator == "in")
    if rule.field.kind == "unit":
        return value.startswith(rule.value) == (operator == "in")
    wanted = [rule.field.stored(one) for one in (rule.value if operator == "between" else (rule.value,))]
    return {
        "over": value > wanted[0], "at_least": value >= wanted[0], "under": value < wanted[0], "at_most": value <= wanted[0],
        "between": wanted[0] <= value <= wanted[-1],
    }[operator]  # fmt: skip
