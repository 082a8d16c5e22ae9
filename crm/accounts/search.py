"""How an account is found: number, name, pinyin, initials, phone, address."""
from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=100_000)
def pinyin_keys(name: str) -> str:
    """`华鑫` → `huaxin hx`; a name without Chinese characters → empty (it is searched as it is written)."""
    if name.isascii():
        return ""
    full = "".join(lazy_pinyin(name, errors="ignore"))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))
    return f"{full} {initials}"


def matching(accounts, text: str, *, by_personal_data: bool):
    """Accounts in which every word of `text` occurs. Phones and addresses are searched only for roles that may read them."""
    from django.db.models import Q

    for word in text.lower().split()[:6]:
        found = Q(search_public__contains=word)
        if by_personal_data:
            found |= Q(search_personal__contains=word)
        accounts = accounts.filter(found)
    return accounts
