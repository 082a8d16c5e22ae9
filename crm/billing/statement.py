"""What one account owes on a day: its bills settled by its payments (the rule is in `rules`)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from crm.billing import rules
from crm.billing.models import Bill, Payment


@dataclass(frozen=True)
class Statement:
    on: dt.date
    settlement: rules.Settlement
    resident: bool

    @property
    def arrears(self) -> Decimal:
        return self.settlement.arrears(self.on)

    @property
    def ageing(self) -> dict[str, Decimal]:
        return rules.ageing(self.settlement.debts, on=self.on)

    @property
    def overdue(self) -> list[rules.Owed]:
        return [debt for debt in self.settlement.debts if debt.overdue(self.on)]

    @property
    def late_fee(self) -> Decimal:
        """Late fee in yuan of what is overdue now, as it stands today."""
        return sum((rules.fee_of(debt, on=self.on, resident=self.resident) for debt in self.overdue), rules.ZERO)

    @property
    def oldest_days(self) -> int:
        return max((debt.days_late(self.on) for debt in self.overdue), default=0)

    def debt_of(self, period):
        return self.settlement.by_period.get(period)


def statement_of(account, *, on: dt.date) -> Statement:
    """Two queries: every bill with money and every payment received up to `on`. Prepaid accounts run no debts."""
    bills = Bill.objects.filter(account=account).values_list("period", "due_on", "total")
    payments = Payment.objects.filter(account=account, paid_on__lte=on).values_list("paid_on", "amount", "period")
    return Statement(on=on, settlement=rules.settle(bills, payments), resident=account.category == "residential")
