"""Green channels in force and past, visits made and planned."""

from dataclasses import dataclass

import numpy as np

from crm.demo import texts
from crm.demo.loading import copy_in, keys, reserve, ring, words
from crm.demo.moments import utc
from crm.engagement.models import Engagement
from crm.service_levels.models import Entitlement, ServiceLevel

RATE = np.array([2.4, 0.35, 0.03, 0.25, 0.6, 0.15])  # visits and calls a year by category
LARGE_RATE = 5.0  # and for accounts of 2,000 kVA and more


@dataclass
class GreenChannels:
    """One entry per entitlement: account row, key, first and last day."""

    row: np.ndarray
    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def at(self, rows, days):
        """Key of the entitlement an account has on a day, 0 for none."""
        found = np.zeros(len(rows), np.int64)
        for generation in (0, 1):
            latest = np.full(rows.max(initial=0) + 1, -1)
            mine = np.flatnonzero(self._generation == generation)
            mine = mine[self.row[mine] < len(latest)]
            latest[self.row[mine]] = mine
            entry = latest[rows]
            fits = (entry >= 0) & (self.starts[entry] <= days) & (days <= self.ends[entry])
            found = np.where(fits, self.ids[entry], found)
        return found

    @property
    def _generation(self):
        """0 the first of an account, 1 the second: rows come with all first ones before."""
        seen = np.zeros(len(self.row), np.int64)
        _, first = np.unique(self.row, return_index=True)
        seen[np.setdiff1d(np.arange(len(self.row)), first)] = 1
        return seen


def create(plan, organisation, accounts):
    """Returns (GreenChannels, rows written)."""
    channels = _channels(plan, organisation, accounts)
    return channels, len(channels.ids) + _visits(plan, accounts)


def _channels(plan, organisation, accounts):
    """The largest accounts of industry and trade; a third had one before, some run out soon."""
    random = plan.random("entitlements")
    open_firms = np.flatnonzero(np.isnat(accounts.closed) & accounts.high_voltage & (accounts.opened < plan.today - 500))
    size = accounts.kva[open_firms] * np.exp(random.normal(0, 0.5, len(open_firms)))
    chosen = open_firms[np.argsort(-size)[: max(2, len(accounts.ids) // 150)]]
    told = list(accounts.stars)
    chosen = np.concatenate([np.setdiff1d(chosen, told), np.array([row for row in told if accounts.stars[row].green], np.int64)])
    starts = plan.today - random.integers(0, 364, len(chosen)).astype("timedelta64[D]")
    earlier = random.random(len(chosen)) < 0.33
    row = np.concatenate([chosen, chosen[earlier]])
    begin = np.concatenate([starts, starts[earlier] - 366])
    ends = begin + 364
    revoked = np.full(len(row), np.datetime64("NaT"), "datetime64[s]")
    ids = reserve(Entitlement, len(row))
    level = ServiceLevel.objects.get(code="green")
    by = np.array(organisation.supervisors)[accounts.station[row]]
    copy_in(Entitlement, {
        "id": ids,
        "account": accounts.ids[row],
        "level": np.full(len(row), level.pk),
        "services": ["{" + ",".join(level.services) + "}"] * len(row),
        "starts_on": begin, "ends_on": ends,
        "representative": organisation.leaders[accounts.city[row] % len(organisation.leaders)],
        "granted_by": by,
        "granted_at": utc(begin.astype("datetime64[s]") - np.timedelta64(8, "h")),
        "revoked_at": revoked,
        "expiry_noted_at": np.where(ends < plan.today, utc(ends.astype("datetime64[s]") + np.timedelta64(25, "h")), np.datetime64("NaT")),
    })  # fmt: skip
    ring("entitlements", begin)
    return GreenChannels(row, ids, begin, ends)


def _visits(plan, accounts):
    """Visits, calls and seminars of the past, and what is planned for the weeks around today."""
    random = plan.random("visits")
    rate = np.where(accounts.kva >= 2000, LARGE_RATE, RATE[accounts.category])
    first = np.maximum(accounts.opened, plan.periods[0].astype("datetime64[D]"))
    last = np.where(np.isnat(accounts.closed), plan.today, accounts.closed)
    span = np.maximum((last - first).astype(int), 1)
    count = random.poisson(rate * span / 365.25)
    row = np.repeat(np.arange(len(count)), count)
    happened = first[row] + (random.random(len(row)) * span[row]).astype("timedelta64[D]")
    ahead = np.flatnonzero((random.random(len(count)) < np.minimum(rate / 12, 0.5)) & np.isnat(accounts.closed))
    planned = plan.today + random.integers(-6, 40, len(ahead)).astype("timedelta64[D]")
    row = np.concatenate([row, ahead])
    done = np.arange(len(row)) < len(happened)
    subject = random.integers(0, len(texts.VISITS), len(row))
    nothing = np.datetime64("NaT")
    marks, rated = 5 - random.binomial(4, 0.2, len(row)), done & (random.random(len(row)) < 0.35)
    follow = done & (random.random(len(row)) < 0.3)
    when = np.concatenate([happened, planned])
    rows = copy_in(Engagement, {
        "id": reserve(Engagement, len(row)),
        "account": accounts.ids[row],
        "kind": words([visit[0] for visit in texts.VISITS], subject),
        "subject": words([visit[1] for visit in texts.VISITS], subject),
        "planned_on": np.where(done, np.where(random.random(len(row)) < 0.6, when, nothing), when),
        "happened_on": np.where(done, when, nothing),
        "by": accounts.manager[row],
        "notes": words(["", *(visit[2] for visit in texts.VISITS)], np.where(done, subject + 1, 0)),
        "next_action": words(["", *(visit[3] for visit in texts.VISITS)], np.where(follow, subject + 1, 0)),
        "next_action_on": np.where(follow, when + 21, nothing),
        "satisfaction": keys(marks, rated),
    })  # fmt: skip
    ring("engagement", happened)
    return rows
