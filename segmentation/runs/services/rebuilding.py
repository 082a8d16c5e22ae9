"""The table of standings built anew beside the one in force, and put in its place.

Writing most rows of a table through its keys and indexes costs three times what building it does, and leaves as many dead rows behind.
Building is done before the transaction that publishes, in steps of their own on two connections; a killed one leaves a table nobody reads,
which the next one drops. Readers read the old table until the last moment: the exclusive lock is asked for when all else is done and is held
for the renaming only. Whoever asks for it queues up later readers, so it is asked for shortly and given up when somebody reads for long.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from threading import Event

from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from crm.accounts.models import Account
from segmentation.runs.models import Standing

log = logging.getLogger(__name__)
TABLE = Standing._meta.db_table
NEXT = f"{TABLE}_next"
AT_ONCE = 2  # connections that build
PATIENCE = ("200ms", "500ms", "1s", "2s")  # for readers, whose successors wait meanwhile
WRITERS = "10s"  # for whoever writes to the old table, or tidies it by hand
# The rows of the old table that the next one has not got: told by keys alone, then looked up.
OTHERS = f"""from {TABLE} where account_id = any(array(
    select account_id from {TABLE} s where not exists (select from {NEXT} n where n.account_id = s.account_id)))"""

KEYS = {"p": "primary key", "u": "unique"}
Names = dict[str, tuple[str, str]]


def build(*, send: Callable[[str], None], keep: str) -> Names | None:
    """The next table: the rows that `send(table)` writes to it and the old rows of the accounts `keep`, written `{1,2,…}`. Commits as it goes:
    call it before the transaction that swaps, where there is no `NEXT`, and drop what is left of that afterwards. None where it cannot be
    built."""
    built, pool = Event(), ThreadPoolExecutor(1, thread_name_prefix="untidied")
    pool.submit(_leave_untidied, built)
    try:
        with connection.cursor() as db:
            db.execute(f"create table {NEXT} (like {TABLE} including defaults including storage including comments including constraints)")
            db.execute(f"alter table {NEXT} set (autovacuum_enabled = off)")  # each index would wait for it
            send(NEXT)
            db.execute(f"insert into {NEXT} ({_columns()}) select {_columns()} from {TABLE} where account_id = any(%s::bigint[])", [keep])
            names = _index(db)
            db.execute(f"vacuum (analyze) {NEXT}")  # lists count in indexes alone where all rows are known to be visible
        return names
    except DatabaseError as error:
        log.warning("standings are updated in place, the table could not be built anew: %s", error)
        return None
    finally:
        built.set()
        pool.shutdown()


def _leave_untidied(until):
    """Autovacuum lets go of the old table, and does not come back: it takes a second to, which `get_ready` would wait for."""
    with closing(connection), suppress(DatabaseError), transaction.atomic(), connection.cursor() as db:
        _wait_at_most(db, WRITERS)
        db.execute(f"lock table {TABLE} in share update exclusive mode")
        until.wait()


def get_ready() -> bool:
    """In the transaction that publishes: the next table holds all that was written meanwhile, and nobody writes to the old one until the end.
    False, with nothing changed, where that cannot be."""
    return _tried("be caught up with", _catch_up, _lean)


def swap(names: Names) -> bool:
    """Put the next table in the place of the one in force. Call it last in that transaction. False, with nothing changed, where that cannot be:
    somebody reads the table for long, or something hangs on it that a new table would lose."""
    return _tried("be replaced", lambda db: _take_over(db, names))


def _tried(what, *steps) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as db:
            for step in steps:
                step(db)
        return True
    except DatabaseError as error:
        log.warning("standings are updated in place, the table could not %s: %s", what, error)
        return False


def _columns():
    return ", ".join(str(field.column) for field in Standing._meta.concrete_fields)


def _index(db) -> Names:
    """The indexes of the old table on `NEXT`, those of its primary and unique keys too; {name there: (what it is, the name it takes over)}."""
    db.execute(
        """select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), k.conname, k.contype
        from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u') and k.conrelid = i.indrelid
        where i.indrelid = %s::regclass order by i.indnatts desc, 1""",
        [TABLE],
    )
    found = db.fetchall()
    statements, keys, names = [], [], {}
    for number, (name, definition, key, kind) in enumerate(found):
        fresh = f"{NEXT}_{number}"
        head, _on, rest = definition.partition(" ON ")
        statements.append(f'{head.partition(" INDEX ")[0]} INDEX "{fresh}" ON {NEXT} {rest.partition(" ")[2]}')
        names[fresh] = ("constraint", key) if key else ("index", name)
        if key:
            keys.append(f'alter table {NEXT} add constraint "{fresh}" {KEYS[kind]} using index "{fresh}"')
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="indexing") as pool:
        list(pool.map(_alone, statements))
    for statement in keys:
        db.execute(statement)
    return names


def _alone(statement):
    """On a connection of its own thread, with room to sort in and one core."""
    with closing(connection), connection.cursor() as db:
        db.execute("set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 0")
        db.execute(statement)


def _catch_up(db):
    """The accounts seated since old and new were compared. Nobody writes to the old table from here on."""
    _wait_at_most(db, WRITERS)
    db.execute(f"lock table {TABLE} in share row exclusive mode")
    _wait_at_most(db, "0")
    db.execute(f"insert into {NEXT} ({_columns()}) select {_columns()} {OTHERS}")


def _lean(db):
    try:
        with transaction.atomic():
            _lean_alike(db)
    except IntegrityError:  # accounts deleted since their rows were sent or copied
        db.execute(f"delete from {NEXT} n where not exists (select from {Account._meta.db_table} a where a.id = n.account_id)")
        _lean_alike(db)
    db.execute(f"alter table {NEXT} reset (autovacuum_enabled)")


def _lean_alike(db):
    """What the old table leans on the new one leans on too; the same rights and settings."""
    db.execute(
        """select format('alter table %%s add constraint %%I %%s', %s::text, conname, pg_get_constraintdef(oid))
        from pg_constraint where conrelid = %s::regclass and contype = 'f'
        union all
        select format('grant %%s on %%s to %%s', privilege_type, %s::text, coalesce(quote_ident(r.rolname), 'public'))
        from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee where c.oid = %s::regclass
        union all
        select format('alter table %%s set (%%s)', %s::text, array_to_string(reloptions, ', ')) from pg_class
        where oid = %s::regclass and reloptions is not null""",
        [NEXT, TABLE] * 3,
    )
    for (statement,) in db.fetchall():
        db.execute(statement)


def _take_over(db, names):
    for wait in PATIENCE:
        try:
            with transaction.atomic():
                _wait_at_most(db, wait)
                db.execute(f"lock table {TABLE} in access exclusive mode")
            break
        except DatabaseError:
            continue
    else:
        raise DatabaseError("it is being read all the time")
    _wait_at_most(db, "0")
    db.execute(f"drop table {TABLE}")
    db.execute(f"alter table {NEXT} rename to {TABLE}")
    for fresh, (kind, name) in names.items():
        db.execute(
            f'alter index "{fresh}" rename to "{name}"'
            if kind == "index"
            else f'alter table {TABLE} rename constraint "{fresh}" to "{name}"'
        )


def _wait_at_most(db, how_long):
    db.execute("select set_config('lock_timeout', %s, true)", [how_long])
