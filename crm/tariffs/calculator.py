"""The arithmetic of a bill. Pure: Decimals in, Decimals out."""

from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
# Standard: (factor up to which the reward grows, most percent of reward).
STANDARDS = {Decimal("0.90"): Decimal("0.95"), Decimal("0.85"): Decimal("0.94"), Decimal("0.80"): Decimal("0.92")}


class UnknownStandard(ValueError):
    """A standard power factor the rule does not know."""

    def __str__(self):
        return f"The standard power factor is 0.90, 0.85 or 0.80, not {self.args[0]}."


def power_factor(kwh: Decimal, kvarh: Decimal) -> Decimal:
    """The month's mean power factor, kWh over apparent energy, rounded half-up to two decimals. No energy at all counts as 1.

    Rule: 水电财字[1983]215号.
    """
    apparent = (kwh * kwh + kvarh * kvarh).sqrt()
    return _hundredths(kwh / apparent if apparent else Decimal(1))


def power_factor_adjustment(actual: Decimal, standard: Decimal) -> Decimal:
    """Percent to add to basic and energy charge (negative: reward). Rule: 水电财字[1983]215号.

    `actual` is rounded half-up to two decimals first. Raises `UnknownStandard` outside 0.90, 0.85, 0.80.
    Below the standard each hundredth costs 0.5 % for the first twenty, 1 % for the next five and 2 % beyond. Above it each hundredth
    earns 0.1 % up to a factor of 0.90 and 0.15 % from there to the factor at which the reward ends (0.95, 0.94, 0.92).
    """
    standard = Decimal(standard)
    if standard not in STANDARDS:
        raise UnknownStandard(standard)
    actual = _hundredths(Decimal(actual))
    if actual >= standard:
        earns = min(actual, STANDARDS[standard])
        plain = max(min(earns, Decimal("0.90")) - standard, Decimal(0))
        better = max(earns - max(standard, Decimal("0.90")), Decimal(0))
        return -(plain * 10 + better * 15)
    missing = (standard - actual) / HUNDREDTH
    first, next_ = min(missing, Decimal(20)), min(max(missing - 20, Decimal(0)), Decimal(5))
    return first / 2 + next_ + max(missing - 25, Decimal(0)) * 2


def _hundredths(factor: Decimal) -> Decimal:
    return factor.quantize(HUNDREDTH, ROUND_HALF_UP)
