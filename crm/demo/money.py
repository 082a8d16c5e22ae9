"""Bills and what was paid of them. Prices are of the size that is usual and are named as synthetic: no utility charges exactly these."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.billing.models import Bill, Payment
from crm.demo.ahead import ahead
from crm.demo.loading import FreshTables, Keys, encoded, ring, words, write, yuan
from crm.demo.plan import ISSUED_AFTER_DAYS
from crm.demo.shapes import CATEGORIES, band_shares, days_in
from crm.demo.supply import EV, FARM, GENERAL, LARGE, OWING, RESIDENT, Story
from crm.demo.use import monthly_kwh
from crm.tariffs.calculator import power_factor_adjustment

CHUNK = 10_000
FLAT_PRICE = np.array([0.62, 0.68, 0.538, 0.52, 0.66, 0.70])  # yuan per kWh in flat hours
FLOATS = np.array([2.0, 1.7, 1.0, 0.3])  # sharp, peak, flat, valley: factors on the market part, Shandong 2026 [1]
FLOATING = 0.60  # share of the flat price that floats
FUNDS = 0.0275
PER_KVA, PER_KW = 24.0, 38.0  # yuan a month; by demand where that is cheaper, billed at no less than 40 % of capacity
LADDER = np.array([(0, 0.538), (2760, 0.588), (4800, 0.838)])  # kWh a year and price from there on, Zhejiang [1]
LOAD_FACTOR = np.array([0.66, 0.40, 0.22, 0.35, 0.28, 0.45])
STANDARDS = np.array([0.90, 0.85, 0.85, 0.80, 0.85, 0.85])
PERCENT = {
    float(standard): np.array([float(power_factor_adjustment(Decimal(n) / 100, Decimal(standard))) for n in range(101)])
    for standard in ("0.90", "0.85", "0.80")
}
ON_TIME, LATE, _, PARTIAL = range(4)
CHANNELS = ["bank", "transfer", "app", "counter", "other"]


def create(plan, accounts):
    """Bills and payments of every account; returns (bills, payments) written."""
    receipts = Keys(Payment)
    bills, payments = FreshTables(Bill), FreshTables(Payment).table()
    written = {Bill: 0, Payment: 0}
    for model, load in ahead(_loads(plan, accounts, receipts, bills, payments)):
        written[model] += write(load)
    receipts.settle()
    first = plan.periods.astype("datetime64[D]")
    ring("bills", first)
    ring("payments", np.append(first, plan.today))
    return written[Bill], written[Payment]


def _loads(plan, accounts, receipts, bills, payments):
    """(model, Load) by chunks of accounts: bills by the year they lie in, then what was paid of them."""
    for number, start in enumerate(range(0, len(accounts.ids), CHUNK)):
        part = slice(start, start + CHUNK)
        columns, row = _bills(plan, accounts, part, number)
        years = columns["period"].astype("datetime64[Y]")
        for year in np.unique(years):
            here = np.flatnonzero(years == year)
            for load in encoded(Bill, {name: values[here] for name, values in columns.items()}, into=bills.table(year)):
                yield Bill, load
        if paid := _pay(plan, accounts, part, number, columns, row, receipts):
            for load in encoded(Payment, paid, into=payments):
                yield Payment, load


def _bills(plan, accounts, part, number):
    """Columns of the bill table and, for each bill, the row of its account inside the part."""
    random = plan.random("bills", number)
    matrix = monthly_kwh(plan, accounts, part, number)
    ladder = _ladder(plan, matrix)
    row, month = np.nonzero(~np.isnan(matrix))
    kwh = matrix[row, month]
    category, kva = accounts.category[part][row], accounts.kva[part][row]
    metered = (accounts.voltage[part] >= 10)[row]
    by_band = _bands(random, plan, accounts, part, row, month, kwh)
    peak_kw = _demand(random, plan, category, kva, month, kwh)
    factor = _power_factor(random, accounts, part, row)
    basic = _basic(accounts, part, row, kva, peak_kw, kwh)
    energy = _energy(category, kwh, by_band, ladder[row, month])
    applies = metered & (kva >= 100)
    percent = np.where(applies, _percent(category, kva, factor), 0.0)
    adjustment = np.round((basic + energy) * percent / 100)
    funds = np.round(kwh * FUNDS * 100)
    period = plan.periods[month]
    due = (period + 1).astype("datetime64[D]") + 19
    prepaid = accounts.prepaid[part][row]
    known = lambda values, where: np.where(where, values, np.nan)  # noqa: E731
    columns = {
        "account": accounts.ids[part][row],
        "period": period.astype("datetime64[D]"),
        "kwh": kwh,
        **{name: known(by_band[band], category != FARM) for band, name in enumerate(("sharp_kwh", "peak_kwh", "flat_kwh", "valley_kwh"))},
        "deep_valley_kwh": np.where(category != FARM, 0.0, np.nan),
        "max_demand_kw": known(peak_kw, metered),
        "kvarh": known(np.round(kwh * np.sqrt(1 / factor**2 - 1)), applies),
        "power_factor": known(factor, applies),
        "basic_charge": yuan(basic),
        "energy_charge": yuan(energy),
        "adjustment": yuan(adjustment),
        "funds": yuan(funds),
        "total": yuan(basic + energy + adjustment + funds),
        "issued_on": (period + 1).astype("datetime64[D]") + ISSUED_AFTER_DAYS,
        "due_on": np.where(prepaid, np.datetime64("NaT"), due),
    }
    return columns, row


def _bands(random, plan, accounts, part, row, month, kwh):
    """kWh by band, whole kWh, adding up to the month's. Each account leans its own way between peak and valley; own PV empties the peak."""
    month_of_year = plan.periods.astype(int)[month] % 12
    share = band_shares()[accounts.category[part][row], month_of_year]
    lean = random.normal(0, 0.14, len(accounts.ids[part]))[row]
    sunny = ~np.isnan(accounts.pv_kw[part][row])
    share = share * np.stack([np.exp(lean), np.exp(lean) * np.where(sunny, 0.8, 1.0), np.ones_like(lean), np.exp(-lean)], axis=1)
    split = np.floor(share / share.sum(axis=1, keepdims=True) * kwh[:, None])
    split[:, 2] += kwh - split.sum(axis=1)
    return split.T


def _demand(random, plan, category, kva, month, kwh):
    factor = np.clip(LOAD_FACTOR[category] * np.exp(random.normal(0, 0.12, len(kwh))), 0.08, 0.95)
    mean_kw = kwh / (24 * days_in(plan.periods)[month])
    return np.round(np.minimum(mean_kw / factor, np.maximum(kva * 1.03, mean_kw)), 1)


def _power_factor(random, accounts, part, row):
    """Most plants keep their capacitors in order; some do not."""
    rows = len(accounts.ids[part])
    usual = np.where(random.random(rows) < 0.18, random.normal(0.83, 0.05, rows), random.normal(0.945, 0.02, rows))
    return np.round(np.clip(usual[row] + random.normal(0, 0.012, len(row)), 0.45, 1.0), 2)


def _basic(accounts, part, row, kva, peak_kw, kwh):
    """Two-part accounts (315 kVA and more): by capacity or by demand, whichever is cheaper; suspended and empty months by capacity too."""
    two_part = (kva >= 315) & np.isin(accounts.category[part][row], [LARGE, GENERAL, EV])
    # A plant that gave capacity back pays for what is left of it.
    reduced = np.where((accounts.story[part] == Story.REDUCED)[row], 0.6, 1.0)
    by_capacity, by_demand = kva * reduced * PER_KVA, np.maximum(peak_kw, 0.4 * kva * reduced) * PER_KW
    by_demand = np.where(kwh >= 260 * kva, by_demand * 0.9, by_demand)
    return np.where(two_part, np.round(np.minimum(by_capacity, by_demand) * 100), 0.0)


def _energy(category, kwh, by_band, ladder):
    flat = FLAT_PRICE[category]
    price = flat * (1 - FLOATING) + np.outer(FLOATS, flat * FLOATING)
    floating = (by_band * price).sum(axis=0)
    plain = kwh * flat
    return np.round(100 * np.select([category == RESIDENT, np.isin(category, [LARGE, GENERAL, EV])], [ladder, floating], plain))


def _ladder(plan, matrix):
    """What the yearly ladder of homes makes of each month: the price of the year so far, less that of the year up to the month before."""
    kwh = np.nan_to_num(matrix)
    year = plan.periods.astype("datetime64[Y]")
    cost = np.zeros_like(kwh)
    for one in np.unique(year):
        months = np.flatnonzero(year == one)
        before_window = months[0] == 0 and plan.periods[0].astype(int) % 12
        guess = kwh[:, months].mean(axis=1, keepdims=True) * before_window if before_window else 0.0
        so_far = np.cumsum(kwh[:, months], axis=1) + guess
        cost[:, months] = _price_of(so_far) - _price_of(so_far - kwh[:, months])
    return cost


def _price_of(kwh):
    steps = np.diff(np.append(0.0, LADDER[:, 1]))
    return sum(step * np.maximum(kwh - start, 0.0) for (start, _), step in zip(LADDER, steps, strict=True))


def _percent(category, kva, factor):
    standard = np.where((category == LARGE) & (kva < 160), 0.85, STANDARDS[category])
    hundredths = np.rint(factor * 100).astype(int)
    return np.select(
        [standard == 0.90, standard == 0.85], [PERCENT[0.90][hundredths], PERCENT[0.85][hundredths]], PERCENT[0.80][hundredths]
    )


def _pay(plan, accounts, part, number, bills, row, receipts):
    """Columns of the payments, nothing where none was made. Who pays in time does so nearly always; who is late stays late; some owe the
    last months; some pay half now and the rest later."""
    random = plan.random("payments", number)
    payer, due = accounts.payer[part][row], bills["due_on"]
    total = np.round(bills["total"] * 100)
    slip = random.random(len(row))
    late = np.where(
        payer == LATE,
        np.where(slip < 0.65, random.gamma(2.0, 6.0, len(row)), -3),
        np.where(slip < 0.015, random.gamma(1.5, 4.0, len(row)), 0),
    )
    late = np.where(payer == OWING, random.gamma(2.0, 12.0, len(row)), late)
    early = random.integers(0, 15, len(row))
    delay = np.where(late > 0, np.ceil(late), -early).astype(np.int64)
    postpaid = ~np.isnat(due)
    paid = np.where(postpaid, due, bills["period"] + random.integers(0, 26, len(row)).astype("timedelta64[D]")) + np.where(
        postpaid, delay, 0
    )
    since = (12 * random.random(len(accounts.ids[part]))).astype(int)[row]
    age = plan.periods[-1].astype(int) - bills["period"].astype("datetime64[M]").astype(int)
    owes = (payer == OWING) & (age < 1 + since // 2) & postpaid
    made = (total > 0) & (paid <= plan.today) & ~owes
    half = made & (payer == PARTIAL)
    first = np.where(half, np.round(total * 0.5), total)
    rest_on = paid + 12
    rest = half & (rest_on <= plan.today)
    channel = _channel(random, accounts, part)[row]
    at = np.concatenate([np.flatnonzero(made), np.flatnonzero(rest)])
    second = np.arange(len(at)) >= made.sum()
    if not len(at):
        return {}
    pks = receipts.take(len(at))
    return {
        "id": pks,
        "account": bills["account"][at],
        "receipt": pc.binary_join_element_wise("S", pa.array(pks).cast(pa.string()), ""),
        "paid_on": np.where(second, rest_on[at], paid[at]),
        "amount": yuan(np.where(second, (total - first)[at], first[at])),
        "period": np.where(postpaid[at], bills["period"][at], np.datetime64("NaT")),
        "channel": words(CHANNELS, channel[at]),
    }


def _channel(random, accounts, part):
    firm = accounts.category[part] != CATEGORIES.index("residential")
    rows = len(firm)
    draw = random.random(rows)
    return np.where(firm, np.searchsorted([0.45, 0.9, 0.94, 0.99], draw), np.searchsorted([0.3, 0.31, 0.86, 0.97], draw))
