"""Tables of a first migration are made in one step."""

import pgtrigger
import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState

from crm.at_once import AtOnce

SQL = pgtrigger.compiler.UpsertTriggerSql(
    func="RETURN NEW;", hash="0", operation="INSERT", pgid="pgtrigger_noted", table="sample_meter", when="BEFORE"
)
KEY = ("id", models.BigAutoField(primary_key=True))
TABLES = [
    migrations.CreateModel("Feeder", [KEY, ("code", models.CharField(max_length=20, unique=True))]),
    migrations.CreateModel("Meter", [KEY, ("feeder", models.ForeignKey("sample.Feeder", models.CASCADE))]),
    migrations.CreateModel("Reading", [KEY, ("meter", models.ForeignKey("sample.Meter", models.CASCADE))]),
    pgtrigger.migrations.AddTrigger("meter", pgtrigger.compiler.Trigger(name="noted", sql=SQL)),
]


@pytest.fixture
def drawn(monkeypatch):
    """Names of the models Django draws for its picture of all."""
    names, render = [], ModelState.render

    def noted(state, apps):
        names.append(state.name)
        return render(state, apps)

    monkeypatch.setattr(ModelState, "render", noted)
    return names


def columns():
    with connection.cursor() as cursor:
        there = [name for name in connection.introspection.table_names(cursor) if name.startswith("sample_")]
        return {name: [column.name for column in connection.introspection.get_table_description(cursor, name)] for name in sorted(there)}


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("select tgname from pg_trigger where tgname like 'pgtrigger_noted%%'")
        return [name for (name,) in cursor.fetchall()]


def test_each_model_is_drawn_once_and_the_tables_stand_and_go(transactional_db, drawn):
    step, before = AtOnce(TABLES), ProjectState()
    before.apps  # noqa: B018 - Django draws what there is before the first step
    after = before.clone()
    step.state_forwards("sample", after)
    with connection.schema_editor() as editor:
        step.database_forwards("sample", editor, before, after)
    assert sorted(drawn) == ["Feeder", "Meter", "Reading"]
    assert columns() == {"sample_feeder": ["id", "code"], "sample_meter": ["id", "feeder_id"], "sample_reading": ["id", "meter_id"]}
    assert triggers() == ["pgtrigger_noted"]

    with connection.schema_editor() as editor:
        step.database_backwards("sample", editor, after, before)
    assert columns() == {} and triggers() == []
    assert step.describe() == "Create model Feeder; Create model Meter; Create model Reading; Create trigger noted on model meter"
