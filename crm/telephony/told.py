"""What calls add to an account's timeline and to the audit trail's words."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.timeline import SOURCES, Event, Source, newest
from crm.audit.verbs import KIND_NAMES, SENTENCES
from crm.telephony.masking import phone_as_read
from crm.telephony.models import Call
from crm.templatetags.display import duration


def call_events(account, *, reader, mark, limit):
    calls = Call.objects.visible_to(reader.user).filter(account=account).select_related("agent", "account__customer")
    return [_event(call, reader) for call in newest(calls, source="call", column="rang_at", mark=mark, limit=limit)]


def _event(call, reader):
    phone = phone_as_read(reader, call) or _("a hidden number")
    if call.answered_at is None:
        title = _("Call from %(phone)s, not answered") if call.ended_at else _("Call from %(phone)s")
    elif call.talked_seconds is None:
        title = _("Call from %(phone)s")
    else:
        title = _("Call from %(phone)s, %(length)s")
    words = {"phone": phone, "length": duration(call.talked_seconds or 0)}
    return Event(
        at=call.rang_at, source="call", id=call.pk, title=title % words, icon="phone-call", who=str(call.agent or ""),
        tone="good" if call.answered_at else "muted", url=reverse("crm:call", args=[call.pk]),
    )  # fmt: skip


def register():
    """Called when the app starts."""
    SOURCES["call"] = Source(gettext_lazy("Telephone calls"), call_events)
    SENTENCES.update({
        "crm.call named the caller's account": gettext_lazy("%(who)s named the caller's account: %(number)s"),
        "crm.integration connected telephony": gettext_lazy("%(who)s connected the telephone system %(code)s"),
        "crm.integration renewed secret": gettext_lazy("%(who)s renewed the secret of the telephone system %(name)s"),
        "crm.integration shut out telephony": gettext_lazy("%(who)s shut out the telephone system %(name)s"),
        "crm.integration let in telephony": gettext_lazy("%(who)s let in the telephone system %(name)s"),
        "crm.user gave line": gettext_lazy("%(who)s gave the line %(code)s to %(name)s"),
        "crm.user took line": gettext_lazy("%(who)s took the line %(code)s from %(name)s"),
    })  # fmt: skip
    KIND_NAMES.update({"crm.call": gettext_lazy("call"), "crm.integration": gettext_lazy("telephone system")})
