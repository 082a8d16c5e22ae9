"""The supply accounts: what each is, how large, where, who manages it; and the story its use will tell."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.accounts.models import Account, MeteringPoint
from crm.demo import causes, history, words
from crm.demo.loading import copy_in, keys, reserve
from crm.demo.loading import words as vocabulary
from crm.demo.plan import pick
from crm.demo.shapes import CATEGORIES

SHARE = {
    "large_industrial": 0.05,
    "general_commercial": 0.25,
    "residential": 0.60,
    "agricultural": 0.05,
    "ev_charging": 0.03,
    "other": 0.02,
}
LARGE, GENERAL, RESIDENT, FARM, EV, OTHER = range(6)
TRANSFORMERS = np.array([
    30, 50, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500,
    16000, 20000, 25000, 31500, 40000, 50000, 63000,
])  # fmt: skip
# Median capacity kVA and spread (standard deviation of its logarithm) by category; own estimates.
CAPACITY = np.array([(1250, 0.95), (60, 1.15), (8, 0.35), (50, 0.9), (250, 0.8), (30, 0.7)])


class Story(IntEnum):
    """What happens to an account's use. The share of accounts with each story is in `STORIES`."""

    STEADY, GROWTH, FADING, COLLAPSE, RETURN, STOP, NEW, CLOSED, SWITCHED, SELF_SUPPLY, REDUCED = range(11)


STORIES = np.array([0.787, 0.06, 0.05, 0.008, 0.007, 0.015, 0.05, 0.015, 0.004, 0.003, 0.001])
# Mean share of the contract capacity in use over a year, and its spread (of the logarithm), by category; own estimates.
UTILISATION = np.array([(0.30, 0.45), (0.17, 0.5), (0.040, 0.45), (0.12, 0.5), (0.10, 0.6), (0.20, 0.3)])
OWING = 2  # of the four ways to pay: never up to date
LEAVING = (Story.FADING, Story.COLLAPSE, Story.STOP, Story.CLOSED, Story.SWITCHED)


@dataclass
class Accounts:
    """Arrays by account, in the order of database keys."""

    ids: np.ndarray
    numbers: pa.Array
    category: np.ndarray
    station: np.ndarray
    trade: np.ndarray
    city: np.ndarray
    manager: np.ndarray
    voltage: np.ndarray
    kva: np.ndarray
    market: np.ndarray
    story: np.ndarray
    event: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    pv_kw: np.ndarray
    prepaid: np.ndarray
    payer: np.ndarray
    utilisation: np.ndarray
    addresses: pa.Array
    outages: causes.Outages
    stars: dict = field(default_factory=dict)

    @property
    def high_voltage(self):
        return self.voltage >= 10


def draw(plan, organisation):
    """Everything about the accounts that is decided before their customers have names."""
    random = plan.random("accounts")
    rows = plan.accounts
    category = pick(random, list(SHARE.values()), rows)
    station = _stations(random, category, organisation)
    median, spread = CAPACITY[category].T
    kva = np.exp(np.log(median) + spread * random.standard_normal(rows)) * np.where(random.random(rows) < 0.004, 6, 1)
    kva = _rated(kva, category)
    trade, payer = causes.trades(random, category), pick(random, [0.86, 0.09, 0.03, 0.02], rows)
    outages = causes.outages(plan, organisation)
    story, event = _stories(random, plan, outages, category, station, kva, payer, causes.hardship(plan, trade))
    opened, closed = _dates(random, plan, story, event)
    pv = (random.random(rows) < np.array([0.10, 0.04, 0.015, 0.03, 0.12, 0.0])[category]) | (story == Story.SELF_SUPPLY)
    ids = reserve(Account, rows)
    city = organisation.city_of[station]
    street, door = random.integers(0, len(words.STREETS), rows), random.integers(1, 400, rows)
    accounts = Accounts(
        ids=ids, numbers=pa.array([f"99{n:08}" for n in _scattered(rows, plan.seed)]), category=category, station=station, trade=trade, city=city,
        manager=np.zeros(rows, np.int64), voltage=_voltage(category, kva), kva=kva, market=_market(random, category, kva, story),
        story=story, event=event, outages=outages, opened=opened, closed=closed, pv_kw=np.where(pv, np.round(kva * (0.2 + 0.5 * random.random(rows)), 1), np.nan),
        prepaid=random.random(rows) < np.where(category == RESIDENT, 0.12, 0.03), payer=payer,
        utilisation=_utilisation(plan.random("utilisation"), category),
        addresses=_addresses(city, street, door),
    )  # fmt: skip
    accounts.manager = _managers(random, accounts, organisation)
    return accounts


def write(plan, organisation, accounts, customers, plans):
    """The account rows and their meters. `plans`: tariff plan id by account."""
    random = plan.random("account rows")
    rows = len(accounts.ids)
    contract = accounts.market != "regulated"
    ends = plan.today + random.integers(-20, history.TERM, rows).astype("timedelta64[D]")
    ends = history.ends_of_switchers(plan, accounts, ends)
    grade = _grades(random, accounts)
    thief = random.random(rows) < 0.0015
    suspended = (accounts.story == Story.STOP) & (random.random(rows) < 0.3)
    for row, star in accounts.stars.items():
        ends[row], grade[row] = plan.today + star.contract_days, star.important
    leaders = organisation.leaders[accounts.city % len(organisation.leaders)]
    represented = accounts.high_voltage & (accounts.kva >= 2000)
    retailer = random.integers(0, len(words.RETAILERS), rows)
    copy_in(Account, {
        "id": accounts.ids,
        "number": accounts.numbers,
        "customer": customers.ids,
        "unit": organisation.station_ids[accounts.station],
        "manager": accounts.manager,
        "representative": keys(leaders, represented),
        "category": vocabulary(CATEGORIES, accounts.category),
        "voltage_kv": accounts.voltage,
        "contract_kva": accounts.kva.astype(float),
        "tariff_plan": plans,
        "billing_mode": np.where(accounts.prepaid, "prepaid", "postpaid"),
        "market_status": accounts.market,
        "retailer": vocabulary(["", *(name for name, *_ in words.RETAILERS)], np.where(accounts.market == "retailer", retailer + 1, 0)),
        "contract_ends_on": np.where(contract, ends, np.datetime64("NaT")),
        "important_grade": grade,
        "pv_kw": accounts.pv_kw,
        "storage_kwh": np.where((random.random(rows) < 0.03) & accounts.high_voltage, accounts.kva * 0.5, np.nan),
        "has_captive_plant": (random.random(rows) < 0.04) & (accounts.category == LARGE),
        "has_gas": random.random(rows) < np.array([0.2, 0.15, 0.3, 0.02, 0, 0])[accounts.category],
        "theft_found_on": np.where(thief, plan.today - random.integers(30, 900, rows).astype("m8[D]"), np.datetime64("NaT")),
        "hazard_open": (random.random(rows) < 0.004) & accounts.high_voltage,
        "status": np.select([~np.isnat(accounts.closed), suspended], ["closed", "suspended"], "active"),
        "opened_on": accounts.opened,
        "closed_on": accounts.closed,
        "address": accounts.addresses,
        "is_synthetic": np.ones(rows, bool),
        "search_public": customers.search_public,
        "search_personal": customers.search_personal,
    })  # fmt: skip
    history.write(plan, accounts, np.where(contract, ends, np.datetime64("NaT")), suspended)
    copy_in(MeteringPoint, {
        "id": reserve(MeteringPoint, rows),
        "account": accounts.ids,
        "meter_number": pc.binary_join_element_wise("M", accounts.numbers, ""),
        "multiplier": np.where(accounts.high_voltage, np.maximum(1, (accounts.kva / 10).astype(np.int64)), 1),
        "installed_on": accounts.opened,
    })  # fmt: skip


def _addresses(city, street, door):
    town = vocabulary([f"{words.CITIES[c % len(words.CITIES)][0]}市" for c in range(city.max() + 1)], city)
    door = pa.array(door).cast(pa.string())
    return pc.binary_join_element_wise(town, vocabulary([name for name, _ in words.STREETS], street), " ", door, " 号", "")


def _utilisation(random, category):
    mean, spread = UTILISATION[category].T
    return np.clip(mean * np.exp(spread * random.standard_normal(len(category)) - spread**2 / 2), 0.004, 0.88)


def _scattered(rows, seed):
    """Distinct eight-digit numbers in no order: a multiplication modulo a prime."""
    return ((np.arange(1, rows + 1, dtype=np.int64) + seed) * 38_847_391 % 99_999_989).tolist()


def _stations(random, category, organisation):
    """Industry gathers in industrial stations, farming in rural ones."""
    station = np.empty(len(category), np.int64)
    rural = organisation.station_kinds != "urban"
    for code in range(len(CATEGORIES)):
        weight = np.where(organisation.industrial, 3.0 if code == LARGE else 1.0, 1.0) * np.where(rural, 6.0 if code == FARM else 0.8, 1.0)
        here = category == code
        station[here] = pick(random, weight, here.sum())
    return station


def _rated(kva, category):
    """Transformers come in sizes; low-voltage homes in whole kVA."""
    size = TRANSFORMERS[np.abs(np.log(kva)[:, None] - np.log(TRANSFORMERS)).argmin(axis=1)] if len(kva) < 200_000 else _nearest(kva)
    size = np.where(category == LARGE, np.maximum(size, 315), size)
    return np.where(category == RESIDENT, np.clip(np.round(kva / 2) * 2, 4, 24), size)


def _nearest(kva):
    borders = np.sqrt(TRANSFORMERS[1:] * TRANSFORMERS[:-1].astype(float))
    return TRANSFORMERS[np.searchsorted(borders, kva)]


def _voltage(category, kva):
    high = np.select([kva >= 25000, kva >= 8000, kva >= 80], [110.0, 35.0, 10.0], 0.38)
    return np.where(category == RESIDENT, np.where(kva <= 12, 0.22, 0.38), high)


def _market(random, category, kva, story):
    """Homes and farms pay regulated prices; others buy through the grid company, a retailer or, the largest, wholesale."""
    open_to = ~np.isin(category, [RESIDENT, FARM])
    drawn = np.array(["agency", "retailer", "wholesale"])[pick(random, [0.72, 0.27, 0.01], len(category))]
    drawn = np.where((drawn == "wholesale") & (kva < 10000), "retailer", drawn)
    drawn = np.where(story == Story.SWITCHED, "retailer", drawn)
    return np.where(open_to, drawn, "regulated")


def _stories(random, plan, outages, category, station, kva, payer, hardship):
    """What happens and in which month. Weak lines drive away those who can leave, bad times close and shrink firms, debts end in both."""
    hours = outages.hours_by_station(station.max() + 1)
    supply = np.clip(hours / max(hours.mean(), 0.1), 0.2, 3.0)[station]
    debts = np.where(payer == OWING, 4.0, 1.0)
    size = np.clip(kva / 250, 0.5, 3.0)
    firm = ~np.isin(category, [RESIDENT, FARM, OTHER])
    factors = {
        Story.GROWTH: 1 / hardship,
        Story.FADING: hardship * np.sqrt(supply),
        Story.COLLAPSE: hardship,
        Story.STOP: hardship * debts,
        Story.CLOSED: hardship * debts,
        Story.SWITCHED: firm * supply * size,
        Story.SELF_SUPPLY: firm * supply * np.where(category == LARGE, 2.0, 1.0),
        Story.REDUCED: firm * hardship * np.where(kva >= 315, 2.0, 0.5),
    }
    story = causes.draw_stories(random, STORIES, {one: factor for one, factor in factors.items() if factor.any()})
    # Month in which it happens, counted from the first billed month; early enough to be told, up to the last month.
    event = random.integers(min(6, plan.months - 1), plan.months, len(category))
    tired = np.isin(story, [Story.FADING, Story.SWITCHED, Story.SELF_SUPPLY])
    return story, causes.after_outages(random, plan, outages, station, event, tired)


def _dates(random, plan, story, event):
    """Opening and closing days: a third of an age of decades, some opened and some closed while we watch."""
    first = plan.periods[0].astype("datetime64[D]")
    opened = first - (40 + random.gamma(2.0, 1600, len(story))).astype("timedelta64[D]")
    month = plan.periods[event]
    day = random.integers(0, 27, len(story)).astype("timedelta64[D]")
    opened = np.where(story == Story.NEW, month.astype("datetime64[D]") + day, opened)
    closed = np.where(story == Story.CLOSED, month.astype("datetime64[D]") + day, np.datetime64("NaT"))
    return opened, closed


def _grades(random, accounts):
    grade = np.array(["special", "1", "2", "temporary"])[pick(random, [0.05, 0.25, 0.6, 0.1], len(accounts.ids))]
    return np.where((random.random(len(accounts.ids)) < 0.06) & accounts.high_voltage, grade, "").astype("U9")


def _managers(random, accounts, organisation):
    """A station's first manager keeps most of its high-voltage accounts; the rest are shared out."""
    manager = np.empty(len(accounts.ids), np.int64)
    for station, people in enumerate(organisation.managers):
        here = np.flatnonzero(accounts.station == station)
        who = random.integers(0, len(people), len(here))
        who = np.where(accounts.high_voltage[here] & (random.random(len(here)) < 0.6), 0, who)
        manager[here] = np.array(people)[who]
    return manager
