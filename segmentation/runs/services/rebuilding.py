"""The table of standings built anew beside the one in force, and put in its place.

Writing most rows of a table through its keys and indexes costs three times what building it does, and leaves as many dead rows behind.
Readers read the old table until the last moment: the exclusive lock is asked for when all else is done and is held for the renaming only.
Whoever asks for it queues up later readers, so it is asked for shortly and given up when somebody reads for long.
"""

import logging

from django.db import connection, transaction
from django.db.utils import DatabaseError

from segmentation.runs.models import Standing

log = logging.getLogger(__name__)
TABLE = Standing._meta.db_table
NEXT = f"{TABLE}_next"
PATIENCE = ("200ms", "500ms", "1s", "2s")


Names = dict[str, tuple[str, str]]


def build(*, incoming: str) -> Names | None:
    """The next table: the rows of the query `incoming` (columns by name) and the old rows of all other accounts. For `swap`, in the same
    transaction. None, with nothing changed, where it cannot be built."""
    try:
        with transaction.atomic(), connection.cursor() as db:
            return _build(db, incoming)
    except DatabaseError as error:
        log.warning("standings are updated in place, the table could not be built anew: %s", error)
        return None


def swap(names: Names) -> bool:
    """Put the next table in the place of the one in force. Call it last in the transaction that publishes. False, with nothing changed, where
    that cannot be: somebody reads the table for long, or something hangs on it that a new table would lose."""
    try:
        with transaction.atomic(), connection.cursor() as db:
            return _swap(db, names)
    except DatabaseError as error:
        log.warning("standings are updated in place, the table could not be replaced: %s", error)
        with connection.cursor() as db:
            db.execute(f"drop table {NEXT}")
        return False


def _build(db, incoming) -> Names:
    """Fill and index `NEXT`; {name of an index or constraint there: (what it is, the name it takes over)}."""
    columns = ", ".join(str(field.column) for field in Standing._meta.concrete_fields)
    # What tidies the table by itself would be waited for at the swap, and readers behind it; asked for it here, it gives way.
    db.execute(f"lock table {TABLE} in share update exclusive mode")
    db.execute(f"create table {NEXT} (like {TABLE} including defaults including storage including comments including constraints)")
    db.execute(
        f"""insert into {NEXT} ({columns}) select {columns} from ({incoming}) i
        union all select {columns} from {TABLE} s where not exists (select from ({incoming}) i where i.account_id = s.account_id)"""
    )
    names = {}
    db.execute(
        """select conname, contype, pg_get_constraintdef(oid), conindid::regclass::text from pg_constraint
        where conrelid = %s::regclass and contype in ('p', 'u', 'f') order by contype desc""",
        [TABLE],
    )
    constraints = db.fetchall()
    owned = {index for _name, kind, _definition, index in constraints if kind in "pu"}
    db.execute("select indexname, indexdef from pg_indexes where schemaname = current_schema() and tablename = %s", [TABLE])
    indexes = [(name, definition) for name, definition in db.fetchall() if name not in owned]
    for number, (name, definition) in enumerate(indexes):
        fresh = f"{NEXT}_{number}"
        unique, _on, rest = definition.partition(f" ON {_schema(db)}.{TABLE} ")
        db.execute(f'{unique.rpartition(" ")[0]} "{fresh}" ON {NEXT} {rest}')
        names[fresh] = ("index", name)
    for number, (name, _kind, definition, _index) in enumerate(constraints):
        fresh = f"{NEXT}_c{number}"
        db.execute(f'alter table {NEXT} add constraint "{fresh}" {definition}')
        names[fresh] = ("constraint", name)
    _grant(db)
    db.execute(f"analyze {NEXT}")
    return names


def _schema(db):
    db.execute("select current_schema()")
    return db.fetchone()[0]


def _grant(db):
    """The same rights on the new table as on the old."""
    db.execute(
        """select format('grant %%s on %%I to %%s', privilege_type, %s::text, coalesce(quote_ident(r.rolname), 'public'))
        from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee where c.oid = %s::regclass""",
        [NEXT, TABLE],
    )
    for (statement,) in db.fetchall():
        db.execute(statement)


def _swap(db, names) -> bool:
    for wait in PATIENCE:
        try:
            with transaction.atomic():
                db.execute("select set_config('lock_timeout', %s, true)", [wait])
                db.execute(f"lock table {TABLE} in access exclusive mode")
            break
        except DatabaseError:
            continue
    else:
        log.warning("standings are updated in place: the table is being read all the time")
        db.execute("set local lock_timeout = 0")
        db.execute(f"drop table {NEXT}")
        return False
    db.execute("set local lock_timeout = 0")
    db.execute(f"drop table {TABLE}")
    db.execute(f"alter table {NEXT} rename to {TABLE}")
    for fresh, (kind, name) in names.items():
        db.execute(
            f'alter index "{fresh}" rename to "{name}"'
            if kind == "index"
            else f'alter table {TABLE} rename constraint "{fresh}" to "{name}"'
        )
    return True
