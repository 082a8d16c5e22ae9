"""PostgreSQL refuses to run as root. Here: whom it runs as instead, and where that user can reach files.

No folder that was here before is ever chmodded: where the clone lies below a folder only root may enter, binaries and
data are put somewhere else.
"""

import os
import pwd
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

from config.embedded.processes import Account

_SHARED_HOMES = (Path("/var/lib/greenlane"), Path("/var/tmp/greenlane"))


class NoUnprivilegedUser(Exception):
    """Root, and neither `postgres` nor `nobody` exists on this machine."""


def account_for_postgres(data: Path | None = None) -> Account | None:
    """Whom PostgreSQL runs as: None means as ourselves, because we are not root.

    Data that is there already decides: whoever owns it goes on running it.
    """
    if os.geteuid() != 0:
        return None
    for entry in (_owner_of(data), _user("postgres"), _user("nobody")):
        if entry is not None and entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoUnprivilegedUser("PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`. Create one.")


def _owner_of(data: Path | None) -> pwd.struct_passwd | None:
    try:
        return None if data is None else pwd.getpwuid(data.stat().st_uid)
    except (OSError, KeyError):
        return None


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def can_enter(path: Path, account: Account | None) -> bool:
    """Whether the account may walk from / down to `path` (which need not exist yet)."""
    if account is None:
        return True
    for folder in reversed([path, *path.parents]):
        try:
            facts = folder.stat()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        if stat.S_ISDIR(facts.st_mode) and not _may_search(facts, account):
            return False
    return True


def _may_search(facts: os.stat_result, account: Account) -> bool:
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == account.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def shared_home(account: Account) -> Path:
    """A folder outside the clone that root owns and the account can enter; made on first use."""
    for home in _SHARED_HOMES:
        try:
            home.mkdir(mode=0o755, parents=True, exist_ok=True)
            facts = home.lstat()
        except OSError:
            continue
        ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & stat.S_IWOTH
        if not ours:
            continue
        # mkdir obeyed our umask, which may have closed the folder we have just made.
        if not facts.st_mode & stat.S_IXOTH:
            home.chmod(0o755)
        if can_enter(home, account):
            return home
    raise NoUnprivilegedUser(
        f"The user {account.name}, who runs PostgreSQL here, can enter none of {', '.join(map(str, _SHARED_HOMES))} and not the clone. "
        "Move the clone to a folder that other users may enter, or run as an ordinary user."
    )


def new_home_outside_clone(account: Account) -> Path:
    """A name for a folder of data whose clone the account cannot enter. A link in the clone will point there."""
    return shared_home(account) / f"clone-{secrets.token_hex(6)}"


def private_folder(path: Path, account: Account | None) -> Path:
    """Make `path`, owned by the account and closed to everyone else."""
    path.mkdir(mode=0o700, parents=False, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path


def temporary_folder(prefix: str, account: Account | None) -> Path:
    """A fresh folder the account can reach; the caller removes it."""
    parent = Path(tempfile.gettempdir())
    if not can_enter(parent, account) and account is not None:
        parent = shared_home(account)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    if account is not None:
        folder.chmod(0o711)
    return folder


def reachable_copy(source: Path, parts: list[str], *, name: str, account: Account | None) -> Path:
    """`source` itself where the account can reach it, else a copy of its `parts` kept in the shared home for every clone."""
    if account is None or can_enter(source, account):
        return source
    home = shared_home(account)
    copy = home / name
    if not copy.is_dir():
        draft = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=home))
        for part in parts:
            shutil.copytree(source / part, draft / part, symlinks=True)
        for folder, _, files in os.walk(draft):
            os.chmod(folder, 0o755)
            for file in files:
                path = Path(folder, file)
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            draft.rename(copy)
        except OSError:
            # Another clone finished the same copy first.
            shutil.rmtree(draft)
    return copy
