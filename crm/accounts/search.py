"""How an account is found: number, name, pinyin, initials, phone, address.

Two texts stand on each account (`crm.accounts.services.refresh_search`): what anyone may search, and what only roles that read
personal data may. Both are searched with `LIKE` through trigram indexes, which need three characters in a row. A Chinese name is
often asked for by two, so each pair of neighbouring characters stands in the text as a word of its own: `% 华鑫 %` has the trigrams
`··华`, `·华鑫`, `华鑫·`.
"""

from functools import lru_cache
from itertools import pairwise

from django.db.models import Q
from pypinyin import lazy_pinyin

MOST_WORDS = 6


@lru_cache(maxsize=100_000)
def pinyin_keys(name: str) -> str:
    """`华鑫铸造` → `华鑫 鑫铸 铸造 huaxinzhuzao hxzz`; a name without Chinese characters → empty (it is searched as it is written)."""
    return "" if name.isascii() else spelled(name, lazy_pinyin(name, errors="ignore"))


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


def matching(accounts, text: str, *, by_personal_data: bool):
    """Accounts in which every word of `text` occurs. Phones, addresses and private names are searched only for roles that may read them.

    Words of three characters and more are found anywhere; shorter ones at the beginning of a word or as a pair of Chinese characters.
    """
    for word in text.lower().split()[:MOST_WORDS]:
        part = _part(word)
        found = Q(search_public__contains=part)
        if by_personal_data:
            found |= Q(search_personal__contains=part)
        accounts = accounts.filter(found)
    return accounts


def _part(word):
    if len(word) >= 3:
        return word
    return f" {word} " if len(word) == 2 and not word.isascii() else f" {word}"
