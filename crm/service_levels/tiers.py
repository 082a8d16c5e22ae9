"""The tier an account stands in. The judgement above knows it and tells it here when the app starts; crm itself judges nobody."""

from collections.abc import Callable

CHOICES: list[tuple[str, object]] = []
# `[(code, label)]`, the highest first.
_sources: list[Callable[[int], str]] = []


def told_by(source: Callable[[int], str], choices):
    """Register who knows the tier of an account (by its key; empty when not scored) and which tiers there are."""
    _sources[:] = [source]
    CHOICES[:] = choices


def tier_of(account) -> str:
    """The account's tier now, empty when it has none."""
    return _sources[0](account.pk) if _sources and account is not None else ""


def label(code: str) -> str:
    return str(dict(CHOICES).get(code, code))
