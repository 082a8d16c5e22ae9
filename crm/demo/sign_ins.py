"""One known sign-in per role, for demonstrations only.

The password is drawn from this installation's secret key: it is the same after a restart, differs from every other installation, and
nothing tells it outside demo mode, so that a database taken out of demonstration keeps no door that a stranger knows.
"""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.hashers import make_password

from crm.people.models import User
from crm.people.roles import Role

LOGINS = {
    Role.MANAGER: "manager",
    Role.AGENT: "agent",
    Role.SUPERVISOR: "supervisor",
    Role.ANALYST: "analyst",
    Role.ADMINISTRATOR: "administrator",
}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class NotADemonstration(Exception):
    """Sign-ins are told in demo mode only."""

    def __str__(self):
        return "This installation is not a demonstration: its sign-ins are not told. Start it with DEMO=1 to use known ones."


def demo_password():
    digest = hmac.new(settings.SECRET_KEY.encode(), b"demonstration sign-ins", hashlib.sha256).digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:12])
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def listed():
    """`[{role, role_name, login, password, name}]` in the order of roles, those whose person exists. Raises `NotADemonstration`."""
    if not settings.DEMO:
        raise NotADemonstration
    people = {user.username: user for user in User.objects.filter(username__in=LOGINS.values(), is_active=True)}
    return [
        {"role": role.label, "login": login, "password": demo_password(), "name": str(people[login]), "code": role.value}
        for role, login in LOGINS.items()
        if login in people and people[login].role == role
    ]


def renew():
    """Give the known sign-ins their password again: the secret key may have changed since they were made. Raises `NotADemonstration`."""
    if not settings.DEMO:
        raise NotADemonstration
    person = User.objects.filter(username=LOGINS[Role.MANAGER], role=Role.MANAGER).first()
    if person and not person.check_password(demo_password()):
        User.objects.filter(username__in=LOGINS.values()).update(password=make_password(demo_password()))
