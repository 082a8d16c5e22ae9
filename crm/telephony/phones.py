"""Telephone numbers as they are compared. Pure: no Django."""

import re

ALLOWED = re.compile(r"[0-9+()\-./ #*]{0,30}|anonymous|unknown|private|restricted|withheld", re.IGNORECASE)
MOBILE = re.compile(r"1[3-9]\d{9}")
# 010 and 02x have three digits, every other area of China four.
AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})")


def is_phone(text: str) -> bool:
    """What a telephone system may send as the caller: a number, a word for a hidden one, or nothing."""
    return ALLOWED.fullmatch(text.strip()) is not None


def digits_of(text: str) -> str:
    """`+86 138-1234-5678`, `0086 13812345678`, `013812345678` → `13812345678`; `0571 8899 2210` → `057188992210`; a hidden number → ``."""
    plus = text.strip().startswith("+")
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    digits = digits[4:] if digits.startswith("0086") else digits[2:] if plus and digits.startswith("86") else digits
    digits = digits[2:] if len(digits) == 13 and MOBILE.fullmatch(digits[2:]) and digits.startswith("86") else digits
    if plus and len(digits) in (10, 11) and digits[0] != "0" and not MOBILE.fullmatch(digits):
        digits = "0" + digits  # +86 571 8899 2210 leaves the trunk zero out
    return digits[1:] if digits.startswith("0") and MOBILE.fullmatch(digits[1:]) else digits


def local_part(digits: str) -> str:
    """The number without its area code, as neighbours write it: `057188992210` → `88992210`; a mobile or short number → ``."""
    area = AREA.match(digits)
    rest = digits[area.end() :] if area else ""
    return rest if len(rest) in (7, 8) else ""


def occurs_in(digits: str, text: str) -> bool:
    """Whether one of the words of an account's search text (which holds every phone as digits) is this number."""
    return any(digits_of(word) == digits for word in text.split())
