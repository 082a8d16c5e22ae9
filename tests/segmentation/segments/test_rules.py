"""The rule compiled for DuckDB says the same of every row as plain Python, and a rule that cannot be read is refused by its place."""

import random

import duckdb
import pytest

from segmentation.segments.rules import CONDITIONS, DEPTH, OPERATORS, BadRule, Field, fields_of, holds, parse, sql_of, tree_of

FIELDS = {
    field.name: field
    for field in (
        Field("growth", "number", "growth", "%"), Field("revenue", "number", "revenue", "yuan"), Field("kwh", "number", "kwh", "kWh"),
        Field("tier", "choice", "tier", choices=("gold", "silver", "unscored")), Field("grade", "choice", "grade", choices=("A", "B")),
        Field("pv", "flag", "pv"), Field("unit", "unit", "unit", choices=("33", "3301", "3302")),
    )
}  # fmt: skip


def some_rule(draw, depth=0):
    shape = draw.random()
    if depth < 4 and shape < 0.45:
        return {draw.choice(["all", "any"]): [some_rule(draw, depth + 1) for _ in range(draw.randint(1, 3))]}
    if depth < 4 and shape < 0.6:
        return {"not": some_rule(draw, depth + 1)}
    field = draw.choice(list(FIELDS.values()))
    operator = draw.choice(OPERATORS[field.kind])
    tree = {"field": field.name, "is": operator}
    if field.choices:
        tree["value"] = draw.sample(field.choices, draw.randint(1, 2))
    elif operator == "between":
        tree["value"] = sorted([draw.randint(-20, 20), draw.randint(-20, 20)])
    elif field.kind == "number" and operator not in ("known", "unknown"):
        tree["value"] = draw.randint(-20, 20)
    return tree


def some_row(draw):
    def maybe(value):
        return None if draw.random() < 0.25 else value

    return {
        "growth": maybe(draw.randint(-20, 20) / 100), "revenue": maybe(draw.randint(-20, 20) * 100), "kwh": maybe(float(draw.randint(-20, 20))),
        "tier": maybe(draw.choice(["gold", "silver", "unscored"])), "grade": maybe(draw.choice("AB")), "pv": maybe(draw.random() < 0.5),
        "unit": maybe(draw.choice(["33", "3301", "330102", "3302"])),
    }  # fmt: skip


def test_compiled_and_plain_agree_on_every_row_of_random_rules():
    draw = random.Random(20261126)
    rows = [some_row(draw) for _ in range(120)]
    session = duckdb.connect()
    session.execute(
        "create table t (n int, growth double, revenue bigint, kwh double, tier varchar, grade varchar, pv boolean, unit varchar)"
    )
    session.executemany("insert into t values (?, ?, ?, ?, ?, ?, ?, ?)", [[n, *row.values()] for n, row in enumerate(rows)])
    split = 0
    for _ in range(250):
        tree = some_rule(draw)
        rule = parse(tree, FIELDS)
        text, parameters = sql_of(rule)
        found = {n for (n,) in session.execute(f"select n from t where {text}", parameters).fetchall()}
        assert found == {n for n, row in enumerate(rows) if holds(rule, row)}, tree
        assert parse(tree_of(rule), FIELDS) == rule
        split += 0 < len(found) < len(rows)
    assert split > 150  # the rules divide the rows; they are not all or nothing


def test_no_value_of_a_person_stands_in_the_sql():
    text, parameters = sql_of(
        parse({"any": [{"field": "tier", "is": "in", "value": ["gold"]}, {"field": "kwh", "is": "over", "value": 77}]}, FIELDS)
    )
    assert "gold" not in text and "77" not in text
    assert parameters == ["gold", 77.0]


def test_numbers_are_compared_in_the_unit_of_the_column():
    assert sql_of(parse({"field": "growth", "is": "over", "value": 29}, FIELDS))[1] == [0.29]
    assert sql_of(parse({"field": "revenue", "is": "over", "value": 29}, FIELDS))[1] == [2900]


def test_what_is_unknown_meets_no_condition_and_so_its_not():
    rule = {"field": "kwh", "is": "over", "value": 1}
    assert not holds(parse(rule, FIELDS), {"kwh": None})
    assert holds(parse({"not": rule}, FIELDS), {"kwh": None})


OK = {"field": "kwh", "is": "over", "value": 1}


def nested(levels):
    return {"all": [nested(levels - 1)]} if levels else OK


@pytest.mark.parametrize(
    ("tree", "code", "place"),
    [
        ({"all": [OK, {"any": []}]}, "empty_group", (2,)),
        ({"all": [OK, {"not": {"field": "shoe", "is": "over", "value": 1}}]}, "unknown_field", (2, 1)),
        ({"field": "kwh; drop table t", "is": "over", "value": 1}, "unknown_field", ()),
        ({"field": ["kwh"], "is": "over", "value": 1}, "unknown_field", ()),
        ({"field": "kwh", "is": "> 0 or", "value": 1}, "unknown_operator", ()),
        ({"field": "kwh", "is": {"a": 1}, "value": 1}, "unknown_operator", ()),
        ({"field": "kwh", "is": "over", "value": "1"}, "not_a_number", ()),
        ({"field": "kwh", "is": "over", "value": True}, "not_a_number", ()),
        ({"field": "kwh", "is": "over", "value": float("nan")}, "not_a_number", ()),
        ({"field": "kwh", "is": "over", "value": 10**30}, "not_a_number", ()),
        ({"field": "kwh", "is": "between", "value": [1]}, "two_numbers", ()),
        ({"field": "kwh", "is": "between", "value": [2, 1]}, "upside_down", ()),
        ({"field": "tier", "is": "in", "value": []}, "no_choice", ()),
        ({"field": "tier", "is": "in", "value": ["wood"]}, "unknown_choice", ()),
        ({"field": "tier", "is": "in", "value": [["gold"]]}, "unknown_choice", ()),
        ({"field": "kwh", "is": "over", "value": 1, "column": "x"}, "unknown_key", ()),
        ({"all": [OK], "any": [OK]}, "not_a_rule", ()),
        ({"all": OK}, "not_a_rule", ()),
        ([], "not_a_rule", ()),
        (None, "not_a_rule", ()),
        (nested(DEPTH + 1), "too_deep", (1,) * (DEPTH + 1)),
        ({"all": [{"all": [OK] * CONDITIONS}, OK]}, "too_many", (2,)),
        ({"all": [OK] * (CONDITIONS + 1)}, "too_many", ()),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_by_its_place(tree, code, place):
    with pytest.raises(BadRule) as error:
        parse(tree, FIELDS)
    assert (error.value.code, error.value.place) == (code, place)


def test_the_largest_rule_allowed_is_read():
    assert fields_of(parse(nested(DEPTH), FIELDS)) == {"kwh"}
    parse({"all": [OK] * CONDITIONS}, FIELDS)
