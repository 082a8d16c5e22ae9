"""Pins anew, for `make lock`: runs uv with pip's own index settings, and keeps addresses out of the npm lock."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from install import uv_environment


def without_addresses(lock: dict) -> dict:
    """A package-lock with neither registry nor sponsoring addresses; npm asks its own configuration where to fetch."""
    for package in lock.get("packages", {}).values():
        for key in ("funding", "resolved"):
            package.pop(key, None)
    return lock


if __name__ == "__main__":
    tool, *arguments = sys.argv[1:]
    if tool == "uv":
        sys.exit(subprocess.run(arguments, env=os.environ | uv_environment()).returncode)
    for name in arguments:
        file = Path(name)
        file.write_text(json.dumps(without_addresses(json.loads(file.read_text())), indent=2) + "\n")
