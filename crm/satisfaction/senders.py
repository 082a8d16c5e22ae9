"""How a survey reaches the customer. A sender is a function `(to, text, subject)` that raises `NotSent` when it could not; which one is used is
told by the settings `SURVEY_SMS_SENDER` and `SURVEY_MAIL_SENDER` (a dotted path), so that a utility puts its own gateway in."""

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from crm.people.masking import mask_phone

log = structlog.get_logger(__name__)


class NotSent(Exception):
    """The gateway did not take it; it is tried again later."""


def console(to: str, text: str, subject: str) -> None:
    """Writes the message to the log and sends nothing: what an installation begins with."""
    log.info("survey would be sent", to=mask_phone(to), text=text)


def mail(to: str, text: str, subject: str) -> None:
    """By Django's mail settings."""
    try:
        send_mail(subject, text, None, [to])
    except OSError as error:
        raise NotSent(str(error)) from error


def sender_for(channel: str):
    return import_string(settings.SURVEY_SENDERS[channel])
