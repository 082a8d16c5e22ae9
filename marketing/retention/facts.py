"""The facts by which it is told what became of an account, as of a day."""

from dataclasses import asdict

from crm.accounts.models import Account
from marketing.retention.rules import Facts

OWN_PLANT = 1_000.0  # more than any change of PV that goes with it


def facts_of(account, standing=None, *, on) -> Facts:
    """Of an account and its standing, which may be None. Closed counts from the day it closed."""
    return Facts(
        closed=account.closed_on is not None and account.closed_on <= on,
        market_status=account.market_status,
        contract_kva=None if account.contract_kva is None else float(account.contract_kva),
        suspended=account.status == Account.Status.SUSPENDED,
        own_power=float(account.pv_kw or 0) + float(account.storage_kwh or 0) + OWN_PLANT * (account.has_captive_plant + account.has_gas),
        kwh_12m=None if standing is None else standing.kwh_12m,
        usage_state="" if standing is None else standing.usage_state,
    )


def kept(facts: Facts) -> dict:
    """As a JSON column holds them."""
    return asdict(facts)


def read(kept_facts: dict) -> Facts:
    return Facts(**kept_facts)
