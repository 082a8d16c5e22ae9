"""Small rules of tickets. Pure: no Django."""

import datetime as dt
import re

TITLE_LENGTH = 90
PHONE = re.compile(r"^\+?[\d\s().\-–/]+(?:\s*(?:ext\.?|x|转|#)\s*\d{1,6})?$", re.IGNORECASE)
PHONE_DIGITS = range(3, 21)  # 110 and 95598 are numbers, too
NOT_TEXT = "\ufffd"  # what a decoder leaves where bytes were no UTF-8
END_OF_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+(?=[A-Z])|\n")  # "no. 3" is not an end


def title_of(text: str) -> str:
    """One line that names the matter: the first sentence of what happened, cut at a word before 90 characters."""
    first = next((part.strip() for part in END_OF_SENTENCE.split(text.strip()) if part.strip()), "")
    first = first.rstrip("。.;；") or first
    if len(first) <= TITLE_LENGTH:
        return first
    cut = first[: TITLE_LENGTH - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[TITLE_LENGTH // 2 :] else cut) + "…"


def clock_history(opened_at: dt.datetime, events) -> tuple[dt.datetime, list[tuple[dt.datetime, dt.datetime]]]:
    """When the clock of a ticket last began and the pauses since then, from its events `(at, what, moved_to)` in order.

    A reopened ticket begins anew. A pause still running is not in the list.
    """
    began, pauses, paused_at = opened_at, [], None
    for at, what, moved_to in events:
        if what == "reopened":
            began, pauses, paused_at = at, [], None
        elif moved_to == "waiting":
            paused_at = at
        elif moved_to and paused_at:
            pauses.append((paused_at, at))
            paused_at = None
    return began, pauses


def is_phone(text: str) -> bool:
    """Whether a text can be dialled: `0571 8899 2210`, `+86 139…`, `8899-2210 转 12`, `95598`."""
    return bool(PHONE.match(text.strip())) and sum(letter.isdigit() for letter in text) in PHONE_DIGITS


def is_garbled(text: str) -> bool:
    """Whether a text arrived in another encoding than it said; what is lost cannot be guessed."""
    return NOT_TEXT in text
