"""Bills lie in one partition a year, so that a closed year is never touched again and a month is loaded into a small index."""
from django.db import migrations

YEARS = range(2010, 2031)

FORWARDS = [
    "alter table crm_bill rename to crm_bill_flat",
    "create table crm_bill (like crm_bill_flat including all) partition by range (period)",
    "drop table crm_bill_flat",
    "alter table crm_bill add constraint crm_bill_account_id_fk foreign key (account_id) references crm_account (id) on delete no action deferrable initially deferred",
    "create table crm_bill_other partition of crm_bill default",
    *[f"create table crm_bill_{y} partition of crm_bill for values from ('{y}-01-01') to ('{y + 1}-01-01')" for y in YEARS],
]
BACKWARDS = [
    "alter table crm_bill rename to crm_bill_parts",
    "create table crm_bill (like crm_bill_parts including all)",
    "insert into crm_bill select * from crm_bill_parts",
    "drop table crm_bill_parts",
    "alter table crm_bill add constraint crm_bill_account_id_fk foreign key (account_id) references crm_account (id) on delete no action deferrable initially deferred",
]


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_squashed_0014_account_changes")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
