"""What a process keeps of rows that seldom change, as long as their version stands."""

from collections.abc import Callable, Hashable
from typing import Any

_kept: dict[str, tuple[Hashable, Any]] = {}


def kept(name: str, token: Hashable | None, read: Callable[[], Any]) -> Any:
    """`read()` of the version `token`, read once; without a token it is read every time.

    The token must have been read before: rows that change in between are then kept under the older token, and read again next time.
    """
    known = _kept.get(name)
    if known is not None and token is not None and known[0] == token:
        return known[1]
    value = read()
    if token is not None:
        _kept[name] = (token, value)
    return value
