"""Small rules of failed tasks. Pure: no Django."""

import hashlib
import json
import re

# What a database or a parser quotes of a row: phones, names, addresses.
QUOTED = re.compile(r"DETAIL:.*|Key \(.*?\)=\(.*?\)|\d{7,}", re.DOTALL)


def without_rows(text: str) -> str:
    """A message or traceback without the data that errors quote: who reads jobs may not read people."""
    return "\n".join(QUOTED.sub("…", line) for line in text.splitlines())


def signature_of(task: str, arguments) -> str:
    return hashlib.sha256(json.dumps([task, arguments], sort_keys=True, default=str).encode()).hexdigest()
