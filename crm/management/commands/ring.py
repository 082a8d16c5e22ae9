"""`manage.py ring`: the telephone rings, as a telephone system would tell it. For demonstrations only."""

import datetime as dt
import json
import secrets
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.customers.models import Customer
from crm.people.models import User
from crm.people.roles import Role
from crm.telephony import services
from crm.telephony.models import Integration, Line
from crm.webhooks import signing

CODE = "demo"


class Command(BaseCommand):
    requires_system_checks = []
    help = "Let an agent's telephone ring: a signed request to the running product, from a number it knows or (--unknown) does not. Demonstrations only."

    def add_arguments(self, parser):
        parser.add_argument("--agent", default="", help="sign-in name; the first call-centre agent when left out")
        parser.add_argument("--phone", default="", help="the caller's number; that of some customer when left out")
        parser.add_argument("--unknown", action="store_true", help="from a number nobody is written with")
        parser.add_argument("--end", default="", metavar="CALL", help="hang up the call of this number instead")
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the product answers")

    def handle(self, *, agent, phone, unknown, end, address, **options):
        if not settings.DEMO:
            raise CommandError("This makes calls up: it works in a demonstration only (DEMO=1).")
        person, now = _person(agent), timezone.now()
        body = {
            "call_id": end or secrets.token_hex(6),
            "caller": phone or ("19900000000" if unknown else _some_phone()),
            "agent": _line_of(person),
        }
        body["state"] = "ended" if end else "ringing"
        status, answer = _tell(address, _integration(person, now), body, now)
        if status >= 300:
            raise CommandError(f"{status}: {answer}")
        self.stdout.write(f"call {body['call_id']} from {body['caller'] or 'a hidden number'} to {person.username}: {answer}")


def _person(name):
    takers = User.objects.filter(is_active=True)
    person = takers.filter(username=name).first() if name else takers.filter(role=Role.AGENT).order_by("pk").first()
    if person is None:
        raise CommandError(f"There is no {name or 'call-centre agent'}.")
    return person


def _line_of(person):
    line = Line.objects.filter(person=person).first()
    return (line or services.give_line(code=str(8000 + person.pk), person=person, by=person)).code


def _integration(person, now):
    return Integration.objects.filter(code=CODE).first() or services.connect(code=CODE, name="Demonstration", by=person, at=now)


def _some_phone():
    customer = Customer.objects.exclude(phone="").order_by("?").first()
    if customer is None:
        raise CommandError("No customer has a phone: give one with --phone.")
    return customer.phone


def _tell(address, integration, told, now: dt.datetime):
    body, seconds = json.dumps(told).encode(), int(now.timestamp())
    seal = signing.sign(integration.secrets(now)[0], message_id=told["call_id"], timestamp=seconds, body=body)
    headers = {
        "Content-Type": "application/json", "X-Integration": integration.code, "webhook-id": told["call_id"], "webhook-timestamp": str(seconds),
        "webhook-signature": seal,
    }  # fmt: skip
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/cti/calls", body, headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        raise CommandError(f"Nobody answers at {address}: start the product first, or say where it is with --address.") from error
