"""What one machine keeps for itself: its secret key, and how its logs look."""

import os
import secrets
from pathlib import Path

import structlog
from structlog.typing import Processor


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


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,  # plain tracebacks: values of variables may be personal data
]


def logging_settings(level: str) -> dict:
    """Django's `LOGGING`: every line, ours and the libraries', as JSON for machines, or readable with `LOG_FORMAT=plain`."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if os.environ.get("LOG_FORMAT", "") == "plain":
        renderer: Processor = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": SHARED,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django_structlog": {"level": "WARNING"}},
    }
