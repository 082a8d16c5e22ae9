"""Did something fail because a disk is full?"""

import errno

import duckdb
from django.db.utils import Error as DatabaseError

ERRNOS = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
SAID = ("No space left on device", "File too large", "Disk quota exceeded")
DISK_FULL = "53100"  # SQLSTATE


def no_room(error: BaseException) -> str:
    """What the machine said when `error` means that there was no room; empty for any other error."""
    if isinstance(error, OSError) and error.errno in ERRNOS:
        return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    if isinstance(error, DatabaseError) and getattr(error.__cause__, "pgcode", None) == DISK_FULL:
        return f"PostgreSQL: {error}".strip()
    if isinstance(error, duckdb.Error) and any(said in str(error) for said in SAID):
        return str(error).strip()
    return ""
