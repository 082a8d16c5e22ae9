"""How often a stranger may knock: pages without a sign-in count by address, in the cache."""

from django.core.cache import cache

WINDOW_SECONDS = 60


def too_often(*, who: str, what: str, most: int) -> bool:
    """Counts one knock; True from the one after `most` within a minute."""
    key = f"knock:{what}:{who}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
