"""What is done to accounts."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.accounts.search import pinyin_keys
from crm.audit.services import record
from crm.people.errors import Refused
from crm.people.roles import Role

REFRESH = """
update crm_account set
  search_public = lower(concat_ws(' ', crm_account.number, nullif(crm_account.external_id, ''),
    case when c.kind <> 'person' then names.words end)),
  search_personal = lower(concat_ws(' ', case when c.kind = 'person' then names.words end,
    c.phone, regexp_replace(c.phone, '[^0-9+]', '', 'g'), contacts.phones, crm_account.address, c.address))
from crm_customer c
join unnest(%s::bigint[], %s::text[]) as keys(id, words) on keys.id = c.id
cross join lateral (select concat_ws(' ', c.name, nullif(c.name_en, ''), nullif(keys.words, '')) words) names
left join lateral (
  select string_agg(regexp_replace(phone, '[^0-9+]', '', 'g') || ' ' || phone, ' ') phones from crm_contact where customer_id = c.id
) contacts on true
where crm_account.customer_id = c.id and crm_account.id = any(%s)
"""


def refresh_search(*, accounts, chunk=20_000):
    """Rebuild the search text of a queryset of accounts: number, names, pinyin and initials; apart, for those who may look people up by
    them, phones (as written and as digits), addresses, and the names of private people."""
    ids = list(accounts.values_list("id", flat=True))
    for start in range(0, len(ids), chunk):
        part = ids[start : start + chunk]
        customers = dict(accounts.model.objects.filter(pk__in=part).order_by().values_list("customer_id", "customer__name"))
        with connection.cursor() as cursor:
            cursor.execute(REFRESH, [list(customers), [pinyin_keys(name) for name in customers.values()], part])


@transaction.atomic
def assign_manager(*, account, to, by) -> Account:
    """Give the account to another manager, or to nobody (`None`). Raises `Refused` for somebody who is no active customer manager."""
    if to is not None and (to.role != Role.MANAGER or not to.is_active):
        raise Refused(_("%(name)s is not an active customer manager. Choose one, or leave the account without.") % {"name": to})
    return _change_person(account, "manager", to, by, did="assigned manager")


@transaction.atomic
def set_representative(*, account, to, by) -> Account:
    """Name the company's leader above the manager, or nobody (`None`)."""
    if to is not None and not to.is_active:
        raise Refused(_("%(name)s no longer works here. Choose somebody else.") % {"name": to})
    return _change_person(account, "representative", to, by, did="set representative")


@transaction.atomic
def save_care(*, account, by, **people) -> Account:
    """`manager` and `representative`, whichever is given; both or none."""
    if "manager" in people:
        assign_manager(account=account, to=people["manager"], by=by)
    if "representative" in people:
        set_representative(account=account, to=people["representative"], by=by)
    return account


def _change_person(account, field, to, by, *, did):
    locked = Account.objects.select_for_update(of=("self",)).select_related(field).get(pk=account.pk)
    before = getattr(locked, field)
    if before == to:
        return locked
    setattr(locked, field, to)
    locked.save(update_fields=[field])
    record(by=by, did=did, on=locked, old=str(before or ""), new=str(to or ""), old_id=before and before.pk, new_id=to and to.pk)
    return locked
