"""The left column of the account page: who and what the account is, as rows to read; personal data as the reader may read it."""

import datetime as dt

from django.utils.translation import gettext as _

from crm.display import rules as display


def facts_of(account, reader) -> list[tuple]:
    """`[(label, value)]`; empty facts that are rare are left out, those a reader looks for are shown as a dash."""
    rows = [
        (_("Category"), account.get_category_display() + (f" · {_volts(account.voltage_kv)}" if account.voltage_kv is not None else "")),
        (_("Contract capacity"), f"{display.number(account.contract_kva)} kVA" if account.contract_kva else None),
        (_("Market status"), " · ".join(filter(None, [account.get_market_status_display(), account.retailer]))),
        (_("Tariff plan"), account.tariff_plan),
        (_("Important customer"), account.get_important_grade_display() if account.important_grade else None),
        (_("Status"), account.get_status_display()),
        (_("Customer manager"), account.manager),
        (_("Representative"), account.representative),
        (_("Unit"), account.unit),
        (_("Supply address"), reader.address(account.customer, account.address) or None),
        (_("Contract ends on"), _day(account.contract_ends_on)),
        (_("Opened on"), _day(account.opened_on)),
    ]
    rare = [
        (_("Closed on"), _day(account.closed_on)),
        (_("Own PV"), f"{display.number(account.pv_kw)} kW" if account.pv_kw else None),
        (_("Own storage"), f"{display.number(account.storage_kwh)} kWh" if account.storage_kwh else None),
        (_("Captive plant"), _("Yes") if account.has_captive_plant else None),
        (_("Gas as a substitute"), _("Yes") if account.has_gas else None),
        (_("Identifier at the source"), account.external_id or None),
    ]
    return rows + [row for row in rare if row[1]]


def customer_facts(customer, reader) -> list[tuple]:
    rows = [
        (_("Customer number"), customer.number),
        (_("Kind"), customer.get_kind_display()),
        (_("Phone"), reader.phone(customer, customer.phone) or None),
        (_("Address"), reader.address(customer, customer.address) or None),
        (_("Industry"), customer.industry or None),
        (_("Unified social credit code"), customer.credit_code),
        (_("Group"), reader.name(customer.parent) if customer.parent else None),
    ]
    return [row for row in rows if row[1]]


def _volts(kilovolts):
    return f"{kilovolts.normalize():f} kV" if kilovolts < 1 or kilovolts != int(kilovolts) else f"{int(kilovolts)} kV"


def _day(value: dt.date | None):
    return value.isoformat() if value else None
