"""What can be imported: one module per kind, each a `KIND` with its fields, checks and landing."""

from crm.imports.models import ImportKind


def kind_of(name):
    """The `Kind` of a name in `ImportKind`."""
    return ALL[name]


def _gather():
    from crm.imports.kinds import accounts, bills, consumption, payments, tickets

    return {
        ImportKind.ACCOUNTS.value: accounts.KIND,
        ImportKind.BILLS.value: bills.KIND,
        ImportKind.PAYMENTS.value: payments.KIND,
        ImportKind.TICKETS.value: tickets.KIND,
        ImportKind.CONSUMPTION.value: consumption.KIND,
    }


ALL = _gather()


def register(kind):
    """A kind whose rows an upper wing keeps; from its `AppConfig.ready()`."""
    ALL[kind.name] = kind
