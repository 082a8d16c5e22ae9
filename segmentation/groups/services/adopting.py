"""Put what a run found in force: groups keep their number and name, and only memberships that differ are written."""

from django.db import connection, transaction

from segmentation.groups.models import BehaviourGroup, Grouping, Kind, Membership
from segmentation.lake.session import writing_to_postgres
from segmentation.lake.store import Lake, quoted

TABLE = Membership._meta.db_table
INCOMING = "segmentation_membership_incoming"
COLUMNS = [*Kind.values, "ruled"]


def adopt(*, run_id: int, session, lake: Lake) -> int:
    """The groupings of the run come into force, whole or not at all; how many memberships were written. A grouping that stopped with an error
    leaves the one before in force; one that was refused takes its accounts out of their groups. `session` has `facts` attached."""
    rows = list(Grouping.objects.filter(run_id=run_id).exclude(state=Grouping.State.BROKE))
    path = lake.of_run("groups", run_id)
    if not rows or not lake.has(session, path):
        return 0
    _send(session, path, [row.kind for row in rows])
    with transaction.atomic():
        for row in rows:
            Grouping.objects.filter(kind=row.kind, in_force=True).exclude(pk=row.pk).update(in_force=False)
            Grouping.objects.filter(pk=row.pk).update(in_force=True)
            _groups(row)
        written = _write()
        _run(f"drop table {INCOMING}")
    return written


def _send(session, path, kinds):
    """The memberships that differ, as they shall be, into `INCOMING`. Groupings that are not adopted keep their numbers and bits."""
    there = f"(select account_id, {', '.join(COLUMNS)} from read_parquet({quoted(path)}, hive_partitioning = false))"
    wanted = [f"n.{kind}" if kind in kinds else f"o.{kind}" for kind in Kind.values]
    bits = sum(1 << place for place, kind in enumerate(Kind.values) if kind in kinds)
    ruled = f"((coalesce(n.ruled, 0) & {bits}) | (coalesce(o.ruled, 0) & {~bits & 7}))::smallint"
    values = ", ".join(f"{value} as {kind}" for kind, value in zip(COLUMNS, [*wanted, ruled], strict=True))
    differs = " or ".join(f"w.{name} is distinct from o.{name}" for name in COLUMNS)
    _run(f"drop table if exists {INCOMING}")
    _run(f"create unlogged table {INCOMING} (account_id bigint, {', '.join(f'{name} smallint' for name in COLUMNS)})")
    with writing_to_postgres(session) as writing:
        session.execute(
            f"""insert into {writing}.{INCOMING}
            with o as (select account_id, {", ".join(COLUMNS)} from facts.{TABLE}),
            w as (select coalesce(n.account_id, o.account_id) as account_id, {values} from {there} n full join o using (account_id))
            select w.* from w left join o using (account_id) where o.account_id is null or {differs}"""
        )
    _run(f"alter table {INCOMING} add primary key (account_id)")
    _run(f"analyze {INCOMING}")


def _write() -> int:
    """Rows updated, added and taken away."""
    empty = " and ".join(f"i.{kind} is null" for kind in Kind.values)
    gone = _run(f"delete from {TABLE} m using {INCOMING} i where i.account_id = m.account_id and {empty}")
    assigned = ", ".join(f"{name} = i.{name}" for name in COLUMNS)
    changed = _run(f"update {TABLE} m set {assigned} from {INCOMING} i where i.account_id = m.account_id")
    columns = ", ".join(["account_id", *COLUMNS])
    added = _run(
        f"""insert into {TABLE} ({columns}) select {", ".join(f"i.{name}" for name in ["account_id", *COLUMNS])}
        from {INCOMING} i join crm_account a on a.id = i.account_id
        where not ({empty}) and not exists (select from {TABLE} m where m.account_id = i.account_id) on conflict (account_id) do nothing"""
    )
    return gone + changed + added


def _groups(row: Grouping):
    """The groups of a kind as the grouping found them; those it did not find are retired."""
    BehaviourGroup.objects.filter(kind=row.kind).exclude(number__in=[one["number"] for one in row.found]).update(retired=True, size=0)
    for one in row.found:
        values = {"columns": row.columns, "centre": one["centre"], "rules": one["rules"], "size": one["size"], "retired": False}
        if BehaviourGroup.objects.filter(kind=row.kind, number=one["number"]).update(**values):
            continue
        alike = BehaviourGroup.objects.filter(kind=row.kind, shape=one["shape"]).count()
        BehaviourGroup.objects.create(kind=row.kind, number=one["number"], shape=one["shape"], ordinal=alike + 1, **values)


def _run(statement) -> int:
    with connection.cursor() as db:
        db.execute(statement)
        return db.rowcount
