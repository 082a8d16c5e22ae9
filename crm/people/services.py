"""What is done to people and their keys."""

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from crm.audit.services import record
from crm.people.errors import Refused
from crm.people.models import User
from crm.people.roles import Role

# Told by name only; the rest also with old and new value.
PERSONAL = {"full_name", "full_name_en", "phone"}


@transaction.atomic
def change_person(*, person, by, values) -> User:
    """Name, position, role, unit and whether they may sign in. Raises `Refused` when it would lock the utility out: no administrator left,
    or an administrator taking away their own door."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    before = {name: getattr(locked, name) for name in values}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if not changed:
        return locked
    _refuse_lock_out(locked, by, values)
    for name in changed:
        setattr(locked, name, values[name])
    locked.save(update_fields=changed)
    changes = {name: [_word(before[name]), _word(values[name])] for name in changed if name not in PERSONAL}
    record(by=by, did="changed", on=locked, name=str(locked), fields=changed, changes=changes)
    return locked


def _refuse_lock_out(person, by, values):
    loses = person.role == Role.ADMINISTRATOR and person.is_active
    loses = loses and (values.get("role", person.role) != Role.ADMINISTRATOR or not values.get("is_active", True))
    if loses and person.pk == by.pk:
        raise Refused(_("You cannot take away your own right to administer. Ask another administrator to do it."))
    if loses and not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=person.pk).exists():
        raise Refused(_("%(name)s is the only administrator. Name another one first.") % {"name": person})


def _word(value):
    return value if isinstance(value, bool | int | str) or value is None else str(value)


@transaction.atomic
def new_token(*, person) -> str:
    """A new API token in place of the old one; the only time it can be read."""
    Token.objects.filter(user=person).delete()
    token = Token.objects.create(user=person)
    record(by=person, did="made API token", on=person)
    return token.key


@transaction.atomic
def remove_token(*, person):
    """The API no longer opens to the person's token."""
    if Token.objects.filter(user=person).delete()[0]:
        record(by=person, did="removed API token", on=person)
