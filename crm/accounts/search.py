"""How an account is found: number, name, pinyin, initials, phone, address.

Two texts stand on each account (`crm.accounts.services.refresh_search`): what anyone may search, and what only roles that read
personal data may. Both are searched with `LIKE` through trigram indexes, which need three characters in a row. A Chinese name is
often asked for by two, so each pair of neighbouring characters stands in the text as a word of its own: `% 华鑫 %` has the trigrams
`··华`, `·华鑫`, `华鑫·`.
"""

from functools import lru_cache
from itertools import pairwise

from django.db.models import Q
from django.db.models.functions import Collate

from crm.accounts.lookups import Keys, keys_if_few

MOST_WORDS = 6


@lru_cache(maxsize=100_000)
def pinyin_keys(name: str) -> str:
    """`华鑫铸造` → `华鑫 鑫铸 铸造 huaxinzhuzao hxzz`; a name without Chinese characters → empty (it is searched as it is written)."""
    return "" if name.isascii() else spelled(name, syllables_of(name))


def syllables_of(text: str) -> list[str]:
    """`华鑫 A` → `["hua", "xin"]`. The dictionary takes longest of all to load, and most processes never ask."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text, errors="ignore")


def spelled(name, syllables) -> str:
    """The same for a name whose pinyin is known: looking it up is what costs."""
    initials = "".join(syllable[0] for syllable in syllables)
    return " ".join([*_pairs(name), "".join(syllables), initials])


def _pairs(name):
    return dict.fromkeys(pair for pair in map("".join, pairwise(name)) if not pair.isascii() and " " not in pair)


def beginning_with(digits: str) -> Q:
    """Account numbers that begin with `digits`, as a range: the index then hands them out in order, however many there are."""
    head = digits.rstrip("9")
    from_here = Q(number__gte=digits)
    return from_here & Q(number__lt=head[:-1] + str(int(head[-1]) + 1)) if head else from_here


def matching(accounts, text: str, *, by_personal_data: bool, read_through: bool = False):
    """Accounts in which every word of `text` occurs. Phones, addresses and private names are searched only for roles that may read them.

    Words of three characters and more are found anywhere; shorter ones at the beginning of a word or as a pair of Chinese characters.
    `read_through`: each of `accounts` is looked into, however many others hold the words; of use where they are few.
    """
    texts = ["search_public", "search_personal"] if by_personal_data else ["search_public"]
    if read_through:  # in a collation of their own, in which there is no index of them
        accounts = accounts.alias(**{f"read_{name}": Collate(name, "C") for name in texts})
        texts = [f"read_{name}" for name in texts]
    for word in text.lower().replace("\0", " ").split()[:MOST_WORDS]:  # PostgreSQL has no word with a NUL in it
        found = Q()
        for name in texts:
            found |= Q(**{f"{name}__contains": _part(word)})
        accounts = accounts.filter(found)
    return accounts


def few_matching(accounts, text: str, *, by_personal_data: bool) -> Keys | None:
    """The keys of `matching` accounts when they are few, None when they are many: the planner only guesses how often a word occurs."""
    return keys_if_few(matching(accounts, text, by_personal_data=by_personal_data))


def nearly_matching(accounts, text: str, *, by_personal_data: bool):
    """Accounts in which every word of `text` occurs as it is, or with one slip: a letter or character wrong, missing, too many or swapped
    with its neighbour, or a Chinese word written with other characters of the same sound. To be ranked by `likeness`."""
    for word in text.lower().split()[:MOST_WORDS]:
        found = Q()
        for parts in _with_a_slip(word):
            found |= _holding(parts, "search_public")
            if by_personal_data:
                found |= _holding(parts, "search_personal")
        accounts = accounts.filter(found)
    return accounts


def _holding(parts, column):
    condition = Q()
    for part in parts:
        condition &= Q(**{f"{column}__contains": part})
    return condition


def _with_a_slip(word):
    """Which parts of a word must be there, for each place where the slip may be: what stands before it and what comes after. Digits are
    taken as they are. Parts too short for the index are left out, and ways that say no more than another."""
    if word.isdigit():
        return [(word,)]
    chinese = not word.isascii()
    least = 1 if chinese else 3
    ways = {(word,)}
    for place in range(len(word)):
        for skipped in (1, 2):
            parts = tuple(part for part in (word[:place], word[place + skipped :]) if len(part) >= least)
            if sum(map(len, parts)) >= max(len(word) - 3 + chinese, 2 if chinese else 4):
                ways.add(parts)
    widest = [way for way in ways if not any(other != way and _follows(other, way) for other in ways)]
    sounds = [("".join(syllables_of(word)),)] if chinese and len(word) > 1 else []
    return [tuple(map(_part, way)) for way in sorted(widest)] + sounds


def _follows(wide, narrow):
    """Whether what holds all parts of `narrow` holds those of `wide` too."""
    return all(any(part in other for other in narrow) for part in wide)


def likeness(text: str, words: str) -> float:
    """How near the words of `text` come to words of a search text: 1 is each of them, 0 nothing in common."""
    there = [_pieces(word) for word in words.split()]
    shares = [max((_common(_pieces(word), other) for other in there), default=0.0) for word in text.lower().split()]
    return sum(shares) / len(shares) if shares else 0.0


@lru_cache(maxsize=50_000)
def _pieces(word):
    return {word[at : at + 2] for at in range(len(word) - 1)} | {f"^{word[:1]}"}


def _common(wanted, there):
    """Of the pairs wanted how many are there, less a little for what is there besides."""
    return len(wanted & there) / (len(wanted) + 0.1 * len(there - wanted)) if wanted else 0.0


def _part(word):
    if len(word) >= 3:
        return word
    return f" {word} " if len(word) == 2 and not word.isascii() else f" {word}"
