"""What is owed: how payments settle bills, how old a debt is, and the late fee. Pure: no Django, no clock.

Money in yuan (Decimal), days as dates.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
FEN = Decimal("0.01")
# (from day, to day, key): days since the due date, which is itself day 0.
AGES = ((1, 30, "1-30"), (31, 60, "31-60"), (61, 90, "61-90"), (91, None, "90+"))


@dataclass(frozen=True)
class LateFeeRates:
    """违约金 per day, as shares of the debt: residents pay one rate, others more once the debt crosses a year end.
    Source: 供电营业规则. Mark V."""

    resident: Decimal = Decimal("0.001")
    in_year: Decimal = Decimal("0.002")
    carried_over: Decimal = Decimal("0.003")
    least_yuan: Decimal = Decimal(1)


RATES = LateFeeRates()


@dataclass(frozen=True)
class Owed:
    """A bill as a debt. `paid`: (day, yuan) in the order received."""

    period: dt.date
    due_on: dt.date | None
    total: Decimal
    paid: tuple[tuple[dt.date, Decimal], ...] = ()

    @property
    def unpaid(self) -> Decimal:
        return max(self.total - sum((amount for _, amount in self.paid), ZERO), ZERO)

    @property
    def settled_on(self) -> dt.date | None:
        return max((day for day, _ in self.paid), default=None) if self.unpaid == 0 and self.paid else None

    def days_late(self, on: dt.date) -> int:
        """Days past the due date: until settled, else until `on`; 0 when in time or without a due date."""
        if self.due_on is None:
            return 0
        return max(((self.settled_on or on) - self.due_on).days, 0)

    def overdue(self, on: dt.date) -> Decimal:
        return self.unpaid if self.due_on is not None and self.due_on < on else ZERO


@dataclass(frozen=True)
class Settlement:
    """Every bill with what was paid on it, oldest first, and money received beyond all of them."""

    debts: tuple[Owed, ...]
    credit: Decimal = ZERO
    by_period: dict = field(default_factory=dict)

    def arrears(self, on: dt.date) -> Decimal:
        return sum((debt.overdue(on) for debt in self.debts), ZERO)


def late_fee(*, amount: Decimal, due_on: dt.date, paid_on: dt.date, resident: bool, rates: LateFeeRates = RATES) -> Decimal:
    """The late fee in yuan of `amount` paid on `paid_on` (counted), due on `due_on` (not counted).

    Half up to the fen, at least `least_yuan`.

    100,000 due 2026-12-20, paid 2027-01-10: 11 days at 0.2 % and 10 at 0.3 % = 5,200.
    """
    if amount <= 0 or paid_on <= due_on:
        return ZERO
    fee = _accrued(amount, due_on, paid_on, resident, rates)
    return max(fee, rates.least_yuan).quantize(FEN, ROUND_HALF_UP)


def _accrued(amount, due_on, paid_on, resident, rates):
    year_end = dt.date(due_on.year, 12, 31)
    in_year = (min(paid_on, year_end) - due_on).days
    carried = max((paid_on - year_end).days, 0)
    if resident:
        return amount * rates.resident * (in_year + carried)
    return amount * (rates.in_year * in_year + rates.carried_over * carried)


def fee_of(debt: Owed, *, on: dt.date, resident: bool, rates: LateFeeRates = RATES) -> Decimal:
    """The late fee of one bill on day `on`: each part paid late until its day, what is unpaid until `on`; one minimum for the bill."""
    if debt.due_on is None:
        return ZERO
    parts = [*debt.paid, (on, debt.unpaid)]
    late = [(amount, day) for day, amount in parts if amount > 0 and day > debt.due_on]
    if not late:
        return ZERO
    fee = sum((_accrued(amount, debt.due_on, day, resident, rates) for amount, day in late), ZERO)
    return max(fee, rates.least_yuan).quantize(FEN, ROUND_HALF_UP)


def settle(bills: Iterable[tuple], payments: Iterable[tuple]) -> Settlement:
    """Bills `(period, due_on, total)` next to payments `(paid_on, amount, period or None)`.

    Money that names a bill pays that bill; what is left over, and money that names none, pays the oldest bill still open. A negative
    payment (a bounced debit) takes back from the same bill, or from the unnamed money. A bill without a total
    owes nothing: money is not invented.
    """
    debts = {period: Owed(period, due_on, total) for period, due_on, total in sorted(bills) if total is not None}
    loose = []
    for paid_on, amount, period in sorted(payments, key=lambda row: row[0]):
        debt = debts.get(period)
        if debt is None:
            loose.append((paid_on, amount))
            continue
        here = min(amount, debt.unpaid) if amount > 0 else amount
        if here:
            debts[period] = replace(debt, paid=(*debt.paid, (paid_on, here)))
        if amount > here:
            loose.append((paid_on, amount - here))
    credit = _spread(debts, loose)
    return Settlement(debts=tuple(debts.values()), credit=credit, by_period=debts)


def _spread(debts, loose):
    """Pay the oldest open bill first with money that names none; returns what is left over."""
    taken_back = -sum((amount for _, amount in loose if amount < 0), ZERO)
    over = ZERO
    for day, amount in sorted(loose):
        if amount <= 0:
            continue
        back = min(amount, taken_back)
        taken_back, amount = taken_back - back, amount - back
        for period, debt in debts.items():
            here = min(amount, debt.unpaid)
            if here > 0:
                debts[period] = replace(debt, paid=(*debt.paid, (day, here)))
                amount -= here
        over += amount
    return over


def ageing(debts: Iterable[Owed], *, on: dt.date) -> dict[str, Decimal]:
    """Overdue yuan by days since the due date: keys `1-30`, `31-60`, `61-90`, `90+`."""
    sums = {key: ZERO for _, _, key in AGES}
    for debt in debts:
        owed = debt.overdue(on)
        if owed and debt.due_on:
            sums[age_of((on - debt.due_on).days)] += owed
    return sums


def age_of(days: int) -> str:
    return next(key for _, last, key in AGES if last is None or days <= last)
