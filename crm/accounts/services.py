"""What is done to accounts."""
from django.db import connection

from crm.accounts.search import pinyin_keys

REFRESH = """
update crm_account set search_public = lower(concat_ws(' ', crm_account.number, crm_account.external_id, c.name, c.name_en, keys.words)),
  search_personal = lower(concat_ws(' ', c.phone, contacts.phones, crm_account.address, c.address))
from crm_customer c
join unnest(%s::bigint[], %s::text[]) as keys(id, words) on keys.id = c.id
left join lateral (select string_agg(phone, ' ') phones from crm_contact where customer_id = c.id) contacts on true
where crm_account.customer_id = c.id and crm_account.id = any(%s)
"""


def refresh_search(*, accounts, chunk=20_000):
    """Rebuild the search text of a queryset of accounts: number, names, pinyin and initials; phones and addresses apart."""
    ids = list(accounts.values_list("id", flat=True))
    for start in range(0, len(ids), chunk):
        part = ids[start : start + chunk]
        customers = dict(accounts.model.objects.filter(pk__in=part).order_by().values_list("customer_id", "customer__name"))
        with connection.cursor() as cursor:
            cursor.execute(REFRESH, [list(customers), [pinyin_keys(name) for name in customers.values()], part])
