"""What one machine keeps for itself: its secret key, and how its logs look."""
import os
import secrets
from pathlib import Path

import structlog


def secret_key(var_dir: Path) -> str:
    """The key in `var/secret_key`, made the first time. Two processes starting at once agree: only one creates the file."""
    path = var_dir / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    var_dir.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(secrets.token_urlsafe(50))
    aside.chmod(0o600)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    return path.read_text()


def log_renderer():
    """JSON lines for machines; readable lines when a person watches a terminal."""
    if os.environ.get("LOG_FORMAT", "") == "plain":
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer(ensure_ascii=False)
