"""Tickets that follow from what happens: outages of a station, plants and their voltage, customers about to leave; and everyday ones."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm.demo import texts
from crm.demo.loading import copy_in, keys, keys_set_aside, reserve, ring, words
from crm.demo.moments import answer_due, at_hours, utc, working_days
from crm.demo.plan import pick
from crm.demo.supply import LARGE, LEAVING
from crm.service_levels.models import ClockPolicy
from crm.tickets.models import Ticket, TicketNote

USUAL_RATE = np.array([1.8, 1.1, 0.85, 0.6, 1.0, 0.3])  # contacts a year by category: about one per account, most of them questions
NOTES_FOR_DAYS = 100
LINES = [line for group in texts.TICKETS.values() for line in group]
FIRST = dict(zip(texts.TICKETS, np.cumsum([0, *[len(group) for group in texts.TICKETS.values()]]), strict=False))

NOT_TOLD, TOO_LONG = FIRST["outage"] + 1, FIRST["outage"] + 2


def create(plan, organisation, accounts, customers, channels):
    """Write the tickets and the notes of the recent ones; returns rows written."""
    random = plan.random("tickets")
    row, opened, line, held = _what_happens(random, plan, organisation, accounts)
    kind = np.array([text[0] for text in LINES])[line]
    major = (kind == "complaint") & (random.random(len(row)) < 0.03)
    entitlement = channels.at(row, opened.astype("datetime64[D]"))
    clocks = _clocks(kind, major, entitlement > 0, opened)
    life = _life(random, plan, opened, clocks, held)
    who = np.where(
        np.isin(kind, ["complaint", "service", "suggestion"]),
        accounts.manager[row],
        organisation.agents[random.integers(0, len(organisation.agents), len(row))],
    )
    given = (life["state"] != "new") | (random.random(len(row)) < 0.6)
    logged_by = organisation.agents[random.integers(0, len(organisation.agents), len(row))]
    ended = np.isin(life["state"], ["answered", "closed"])
    overdue = ~ended & (clocks["answer_due"] < _now(plan)) & np.isnat(life["paused"])
    rated = (life["state"] == "closed") & (random.random(len(row)) < 0.35)
    late = life["answered"] > clocks["answer_due"]
    mood = np.clip(5 - random.poisson(np.where(late, 1.9, 0.7)), 1, 5)
    ids = reserve(Ticket, len(row))
    told = dict(zip(("kind", "category", "topic", "weight", "title", "text", "root_cause"), zip(*LINES, strict=True), strict=True))
    with keys_set_aside(Ticket, TicketNote):
        copy_in(Ticket, {
            "id": ids,
            "account": accounts.ids[row],
            **{name: words(told[name], line) for name in ("kind", "category", "topic", "title", "text")},
            "severity": words(["normal", "major"], major.astype(int)),
            "channel": words(["phone", "app", "counter", "online"], pick(random, [0.68, 0.2, 0.07, 0.05], len(row))),
            "caller_name": pc.if_else(pa.array(customers.is_person[row]), customers.names.take(pa.array(row)), ""),
            "caller_phone": customers.phones.take(pa.array(row)),
            "state": life["state"],
            "assignee": keys(who, given), "logged_by": logged_by,
            "opened_at": utc(opened),
            "contact_due_at": utc(clocks["contact_due"]),
            "answer_due_at": utc(clocks["answer_due"]),
            "pass_on_due_at": utc(clocks["pass_on_due"]),
            "passed_on_at": utc(np.where(major & ~np.isnat(life["contacted"]), opened + np.timedelta64(8, "m"), np.datetime64("NaT"))),
            **{f"{step}_at": utc(life[step]) for step in ("contacted", "answered", "closed", "paused")},
            "reopened_count": np.where(ended & (random.random(len(row)) < 0.03), 1, 0),
            "satisfaction": keys(mood, rated),
            "root_cause": words(("", *told["root_cause"]), np.where(ended, line + 1, 0)),
            "responsible_unit": organisation.station_ids[accounts.station[row]],
            "clock_policy": clocks["policy"],
            "entitlement": keys(entitlement, entitlement > 0),
            "breach_noted_at": utc(np.where(overdue, clocks["answer_due"] + np.timedelta64(5, "m"), np.datetime64("NaT"))),
        })  # fmt: skip
        notes = _notes(plan, ids, opened, life, logged_by, who)
    ring("tickets", opened)
    return len(row) + notes


def _now(plan):
    return np.datetime64(plan.now.replace(tzinfo=None), "s")


def _what_happens(random, plan, organisation, accounts):
    """(account row, local opening moment, line of text, must it still be open) of every ticket, in the order of opening."""
    first, days = plan.periods[0].astype("datetime64[D]"), int((plan.today - plan.periods[0].astype("datetime64[D]")).astype(int))
    parts = [
        _usual(random, accounts, first, days),
        _outages(random, accounts),
        _before_leaving(random, plan, accounts),
        _on_the_desk(random, plan, organisation, accounts),
    ]
    held = np.arange(sum(len(part[0]) for part in parts)) >= sum(len(part[0]) for part in parts[:-1])
    row, opened, line = (np.concatenate(column) for column in zip(*parts, strict=True))
    day = opened.astype("datetime64[D]")
    closed = accounts.closed[row]
    there = (day >= accounts.opened[row]) & (np.isnat(closed) | (day <= closed)) & (opened < _now(plan) - np.timedelta64(5, "m"))
    there = np.flatnonzero(there)
    order = there[np.lexsort((row[there], opened[there]))]
    return row[order], opened[order], line[order], held[order]


def _lines(random, group, count):
    return FIRST[group] + pick(random, [text[3] for text in texts.TICKETS[group]], count)


def _usual(random, accounts, first, days):
    row = np.repeat(np.arange(len(accounts.ids)), random.poisson(USUAL_RATE[accounts.category] * days / 365.25))
    line = np.where(
        (accounts.category[row] == LARGE) & (random.random(len(row)) < 0.5),
        _lines(random, "industry", len(row)),
        _lines(random, "usual", len(row)),
    )
    return row, at_hours(random, first + random.integers(0, days + 1, len(row)).astype("timedelta64[D]")), line


def _outages(random, accounts):
    """Whole neighbourhoods call on the day the power fails, the more the longer; some complain in the days after, and the more of them
    if nobody had told them, if it took long, or if it was the third time in three months."""
    power = accounts.outages
    order = np.argsort(accounts.station, kind="stable")
    begin = np.searchsorted(accounts.station[order], np.arange(accounts.station.max() + 2))
    members = (begin[1:] - begin[:-1])[power.station]
    calls = random.binomial(members, np.clip(random.uniform(0.005, 0.02, len(members)) * np.sqrt(power.hours), 0, 0.08))
    which = np.repeat(np.arange(len(calls)), calls)
    row = order[begin[power.station[which]] + (random.random(len(which)) * members[which]).astype(int)]
    anger = 0.08 + 0.12 * ~power.announced + 0.15 * (power.hours > 4) + 0.25 * _again_and_again(power)
    angry = random.random(len(which)) < anger[which]
    later = random.integers(0, 7, angry.sum()).astype("timedelta64[D]")
    told = np.where(power.announced[which[angry]] | (random.random(angry.sum()) < 0.3), TOO_LONG, NOT_TOLD)
    return (
        np.concatenate([row, row[angry]]),
        np.concatenate([at_hours(random, power.day[which], night=True), at_hours(random, power.day[which[angry]] + later)]),
        np.concatenate([np.full(len(row), FIRST["outage"]), told]),
    )


def _again_and_again(power):
    """Outages that are at least the third of their station within 90 days."""
    order = np.lexsort((power.day, power.station))
    station, day = power.station[order], power.day[order]
    third = np.zeros(len(order), bool)
    third[order[2:]] = (station[2:] == station[:-2]) & (day[2:] - day[:-2] <= np.timedelta64(90, "D"))
    return third


def _before_leaving(random, plan, accounts):
    """Complaints in the half year before use falls, an account is closed or a supplier is changed."""
    leaving = np.flatnonzero(np.isin(accounts.story, LEAVING))
    row = np.repeat(leaving, random.poisson(np.where(accounts.category[leaving] == 2, 0.5, 1.8)))
    event = plan.periods[accounts.event[row]].astype("datetime64[D]")
    return row, at_hours(random, event - (180 * random.beta(1, 2, len(row))).astype("timedelta64[D]")), _lines(random, "leaving", len(row))


def _on_the_desk(random, plan, organisation, accounts):
    """A few of the last days at accounts of the demonstration's own manager, so that there are clocks to watch."""
    mine = np.flatnonzero((accounts.manager == organisation.known_manager) & np.isnat(accounts.closed) & accounts.high_voltage)
    largest = np.setdiff1d(mine[np.argsort(-accounts.kva[mine])][:60], list(accounts.stars))
    others = random.choice(largest, min(6, len(largest)), replace=False)
    line = np.where(np.arange(len(others)) % 3 == 0, _lines(random, "outage", len(others)), _lines(random, "industry", len(others)))
    told = [_line_about(*star.line) for star in accounts.stars.values()]
    row, line = np.concatenate([list(accounts.stars), others]).astype(np.int64), np.concatenate([told, line]).astype(np.int64)
    hours = random.integers(2, 24 * 8, len(row)).astype("timedelta64[h]")
    return row, _now(plan) - hours - random.integers(6, 60, len(row)).astype("timedelta64[m]"), line


def _line_about(group, topic):
    return next(FIRST[group] + n for n, text in enumerate(texts.TICKETS[group]) if text[2] == topic)


def _clocks(kind, major, green, opened):
    """Policy and due moments (local) by kind, severity and green channel: the most specific policy wins, as for people's tickets."""
    worked, closes = working_days()
    policies = list(ClockPolicy.objects.in_force(on=opened.max(initial=np.datetime64("2020-01-01T00:00:00", "s")).tolist().date()))
    chosen = np.zeros(len(kind), np.int64)
    best = np.full(len(kind), -1)
    for number, policy in enumerate(policies):
        fits = np.full(len(kind), not (policy.category or policy.unit_kind or policy.tier))
        fits &= (kind == policy.ticket_kind) if policy.ticket_kind else True
        fits &= major if policy.severity == "major" else True
        fits &= green if policy.level_id else True
        weight = 4 * bool(policy.level_id) + 2 * bool(policy.ticket_kind) + bool(policy.severity)
        chosen, best = np.where(fits & (weight > best), number, chosen), np.where(fits & (weight > best), weight, best)
    take = lambda name: np.array([getattr(policy, name) or 0 for policy in policies])[chosen]  # noqa: E731
    pass_on = take("pass_on_within_minutes")
    return {
        "policy": np.array([policy.pk for policy in policies])[chosen],
        "contact_due": opened + take("contact_within").astype("timedelta64[m]"),
        "answer_due": answer_due(opened, take("answer_within"), worked, closes),
        "pass_on_due": np.where(pass_on > 0, opened + pass_on.astype("timedelta64[m]"), np.datetime64("NaT")),
    }


def _life(random, plan, opened, clocks, held):
    """First contact, answer and closing: most within the clock, one in fifteen late; what lies ahead of now has not happened.

    `held`: those not answered yet, whatever the draw.
    """
    now, nothing, rows = _now(plan), np.datetime64("NaT"), len(opened)
    allowed = (
        np.where(np.isnat(clocks["answer_due"]), np.timedelta64(5, "D"), clocks["answer_due"] - opened)
        .astype("timedelta64[s]")
        .astype(np.int64)
    )
    answered = opened + (allowed * np.clip(np.exp(random.normal(-0.62, 0.42, rows)), 0.05, 2.6)).astype("timedelta64[s]")
    answered = np.where(held, now + np.timedelta64(1, "D"), answered)
    to_contact = (clocks["contact_due"] - opened).astype("timedelta64[s]").astype(np.int64)
    contacted = np.minimum(opened + (to_contact * np.exp(random.normal(-1.4, 0.7, rows))).astype("timedelta64[s]"), answered)
    closed = answered + (random.gamma(2, 14 * 3600, rows)).astype("timedelta64[s]")
    contacted, answered, closed = (np.where(moment <= now, moment, nothing) for moment in (contacted, answered, closed))
    running = np.isnat(answered)
    paused = running & ~np.isnat(contacted) & (random.random(rows) < 0.12)
    state = np.select([~np.isnat(closed), ~running, paused, ~np.isnat(contacted)], ["closed", "answered", "waiting", "working"], "new")
    return {"contacted": contacted, "answered": answered, "closed": closed, "state": state, "paused": np.where(paused, contacted, nothing)}


def _notes(plan, ids, opened, life, logged_by, who):
    """What happened to the tickets of the last months, as the services would have noted it."""
    recent = opened > _now(plan) - np.timedelta64(NOTES_FOR_DAYS, "D")
    steps = [
        ("logged", "", opened, logged_by),
        ("contacted", "", life["contacted"], who),
        ("moved", "answered", life["answered"], who),
        ("moved", "closed", life["closed"], who),
    ]
    parts = [(ids[here], moment[here], by[here], what, to) for what, to, moment, by in steps for here in [recent & ~np.isnat(moment)]]
    total = sum(len(part[0]) for part in parts)
    return copy_in(TicketNote, {
        "id": reserve(TicketNote, total),
        "ticket": np.concatenate([part[0] for part in parts]),
        "at": utc(np.concatenate([part[1] for part in parts])),
        "by": np.concatenate([part[2] for part in parts]),
        "what": pa.concat_arrays([pa.repeat(part[3], len(part[0])) for part in parts]),
        "moved_to": pa.concat_arrays([pa.repeat(part[4], len(part[0])) for part in parts]),
    })  # fmt: skip
