"""How somebody is told of a report. A sender is a function `(to, text, subject)`; the setting `REPORT_SENDER` names one. `crm.satisfaction.senders.mail` sends mail."""

import structlog

log = structlog.get_logger(__name__)


def console(to: str, text: str, subject: str) -> None:
    """Writes to the log and sends nothing: what an installation begins with."""
    name, _at, place = to.partition("@")
    log.info("message about a report would be sent", to=f"{name[:1]}***@{place}", subject=subject, text=text)
