"""Who holds the accounts: people, companies, groups; and whom to call there."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.accounts.search import spelled, syllables_of
from crm.customers.models import Contact, Customer
from crm.demo import words
from crm.demo.loading import copy_in, keys, reserve
from crm.demo.plan import pick
from crm.demo.shapes import CATEGORIES
from crm.demo.stars import trade_of


@dataclass
class Customers:
    """One entry per account: its customer's key, what it is, name and phone; and what it is found by, as `refresh_search` would write it."""

    ids: np.ndarray
    is_person: np.ndarray
    trade: np.ndarray
    names: pa.Array
    phones: pa.Array
    search_public: pa.Array
    search_personal: pa.Array


def phone(number):
    """An 11-digit number that begins with 12: no network gives such numbers, so a slip of the finger calls nobody."""
    return f"12{number % 10**9:09}"


def create(plan, accounts):
    """A customer for most accounts, one for several where a person or a firm has more; groups above some firms.

    `accounts`: the Accounts drawn so far (category, station and address of each).
    """
    random = plan.random("customers")
    person = accounts.category == CATEGORIES.index("residential")
    owner = _owners(random, accounts)
    holders, owner = np.unique(owner, return_inverse=True)
    trade = accounts.trade[holders]
    for row, star in accounts.stars.items():
        trade[np.searchsorted(holders, row)] = trade_of(star)
    named = _names(random, accounts, holders, person[holders], trade)
    ids = reserve(Customer, len(holders))
    phones = pa.array([phone(n * 387_420_489 + 17) for n in range(len(holders))])  # 3 to the 18th: no two alike below 10^9
    seconds = pa.array([phone(n * 387_420_489 + 17) for n in range(len(holders), 2 * len(holders))])
    industry = [words.TRADES[t][0] if t >= 0 else words.INSTITUTIONS[-t - 2][0] if t < -1 else "" for t in trade]
    address = accounts.addresses.take(pa.array(holders))
    parents = _groups(random, ids, person[holders])
    copy_in(Customer, {
        "id": ids,
        "number": [f"K{n:09}" for n in range(1, len(ids) + 1)],
        "kind": np.where(person[holders], "person", "organisation"),
        "name": named[0], "name_en": named[1],
        "credit_code": [None if p else f"9199101{n:011}" for n, p in enumerate(person[holders], 1)],
        "industry": industry,
        "parent": parents,
        "phone": phones,
        "address": address,
    })  # fmt: skip
    _contacts(random, ids, person[holders], phones, seconds, named[2])
    at = lambda values: values.take(pa.array(owner))  # noqa: E731
    named_as, called = at(named[3]), at(_called(person[holders], phones, seconds))
    return Customers(
        ids=ids[owner], is_person=person, trade=trade[owner], names=at(pa.array(named[0])), phones=at(phones),
        search_public=_found_by(accounts.numbers, keys(named_as, ~person)),
        search_personal=_found_by(keys(named_as, person), called, accounts.addresses, at(address)),
    )  # fmt: skip


def _called(person, phones, seconds):
    """All phones of a customer, each as written and as digits, its own first and then its contacts'."""
    both = lambda numbers: pc.binary_join_element_wise(numbers, numbers, " ")  # noqa: E731
    return _found_by(both(phones), both(phones), keys(both(seconds), ~person))


def _found_by(*texts):
    """Small letters, one text after the other, what is null left out."""
    return pc.utf8_lower(pc.binary_join_element_wise(*texts, " ", null_handling="skip"))


def _owners(random, accounts):
    """For each account the row of the account whose customer holds it too: most hold one, some two, chains of shops several."""
    rows = len(accounts.category)
    owner = np.arange(rows)
    order = np.lexsort((np.arange(rows), accounts.station, accounts.category))
    again = random.random(rows) < np.where(accounts.category == CATEGORIES.index("residential"), 0.04, 0.14)
    stars = np.isin(order, list(accounts.stars))
    again[order[stars | np.roll(stars, 1)]] = False
    same = np.zeros(rows, bool)
    same[1:] = (accounts.category[order][1:] == accounts.category[order][:-1]) & again[order][1:]
    holder = np.maximum.accumulate(np.where(same, 0, np.arange(rows)))
    owner[order] = order[holder]
    return owner


def _names(random, accounts, holders, person, trade):
    """Chinese names, English names, the name of the person to call, and all that a name is found by (a pyarrow array)."""
    rows = len(holders)
    family, given = random.integers(0, len(words.SURNAMES), rows), pick(random, [1.0] * len(words.GIVEN), rows)
    brand, ending = random.integers(0, len(words.BRANDS), rows), pick(random, [0.8, 0.06, 0.14], rows)
    second = random.integers(0, len(words.BRANDS), rows)
    names, english, callers, found_by = [], [], [], []
    for n, row in enumerate(holders):
        surname, name = words.SURNAMES[family[n]], words.GIVEN[given[n]]
        callers.append(surname[0] + name[0])
        firm, place = words.BRANDS[brand[n]], words.CITIES[accounts.city[row] % len(words.CITIES)]
        if person[n]:
            parts, words_ = (surname[0], name[0]), f"{name[1]} {surname[1]}"
        elif trade[n] < -1:
            _, kind, kind_en = words.INSTITUTIONS[-trade[n] - 2]
            parts, words_ = (place[0], "市", firm[0], kind), f"{place[1]} {firm[1]} {kind_en}"
        else:
            _, kind, kind_en, _ = words.TRADES[trade[n]]
            legal, extra = words.COMPANY[ending[n]], words.BRANDS[second[n]][0][:1] if n % 3 else ""
            parts, words_ = (place[0], firm[0], extra, kind, legal[0]), f"{place[1]} {firm[1]} {kind_en} {legal[1]}"
        if star := accounts.stars.get(int(row)):
            parts, words_ = (star.name,), star.english
        names.append("".join(parts))
        english.append(words_)
        found_by.append(f"{names[-1]} {words_} {spelled(names[-1], _syllables(parts))}")
    return names, english, callers, pa.array(found_by)


def _syllables(parts):
    """The pinyin of a name from that of its parts: looking a part up behind the one before it is enough for every name we make."""
    before, syllables = "", []
    for part in filter(None, parts):
        syllables += _pinyin(before, part)
        before = part
    return syllables


@cache
def _pinyin(before, part):
    return syllables_of(before + part)[len(before) :]


def _groups(random, ids, person):
    """A fiftieth of the firms are subsidiaries of one of a few groups."""
    firms = np.flatnonzero(~person)
    parents = np.full(len(ids), None, object)
    if len(firms) > 50:
        heads = random.choice(firms, max(1, len(firms) // 400), replace=False)
        members = np.setdiff1d(random.choice(firms, len(firms) // 25, replace=False), heads)
        parents[members] = ids[heads[random.integers(0, len(heads), len(members))]]
    return parents.tolist()


def _contacts(random, ids, person, phones, seconds, callers):
    """The person themselves; at a firm whoever decides and, second, who runs the switchgear or pays."""
    rows = len(ids)
    firms = np.flatnonzero(~person)
    duty = np.array(["electrical", "finance"])[random.integers(0, 2, len(firms))]
    family, given = random.integers(0, len(words.SURNAMES), len(firms)), random.integers(0, len(words.GIVEN), len(firms))
    others = [words.SURNAMES[f][0] + words.GIVEN[g][0] for f, g in zip(family, given, strict=True)]
    total = rows + len(firms)
    copy_in(Contact, {
        "id": reserve(Contact, total),
        "customer": np.concatenate([ids, ids[firms]]),
        "name": callers + others,
        "duty": np.concatenate([np.where(person, "other", "decision"), duty]),
        "phone": pa.concat_arrays([phones, seconds.take(pa.array(firms))]),
        "is_primary": np.arange(total) < rows,
    })  # fmt: skip
