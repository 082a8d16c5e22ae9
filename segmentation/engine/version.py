"""Which code judged or learned."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def code_version() -> str:
    """A fingerprint of the engine's source: two runs, or models, with the same one come of the same code."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
