"""The organisation: units down to stations, and who works in them."""

from dataclasses import dataclass

import numpy as np
from django.contrib.auth.hashers import make_password

from crm.demo import words
from crm.demo.loading import copy_in, reserve
from crm.demo.sign_ins import LOGINS, demo_password
from crm.people.models import Unit, User
from crm.people.roles import Role

PROVINCE_CODE = "99101"  # no region of the country has 99: a code of this tree is nobody's
TITLES = {
    Role.MANAGER: "客户经理",
    Role.SUPERVISOR: "营销主任",
    Role.AGENT: "95598 座席",
    Role.ANALYST: "数据分析师",
    Role.ADMINISTRATOR: "系统管理员",
}


@dataclass
class Organisation:
    """Arrays by station, lists of people by station. Ids are database keys."""

    station_ids: np.ndarray
    station_names: list
    station_kinds: np.ndarray
    industrial: np.ndarray
    city_of: np.ndarray
    managers: list
    leaders: np.ndarray
    agents: np.ndarray
    supervisors: list
    known_manager: int


def stations_for(accounts):
    return int(np.clip(round(accounts / 650), 4, 1200))


def _tree(plan):
    """Rows (code, name, English name, kind, parent's code), a station after its county after its city."""
    wanted = stations_for(plan.accounts)
    rows = [(PROVINCE_CODE, *words.PROVINCE, "urban", None)]
    counties = max(2, -(-wanted // 5))
    for county in range(counties):
        city, within = divmod(county, 5)
        name, english = words.CITIES[city % len(words.CITIES)]
        city_code, county_code = f"{PROVINCE_CODE}{city + 1:02}", f"{PROVINCE_CODE}{city + 1:02}{within + 1:02}"
        if not within:
            rows.append((city_code, f"{name}供电公司", f"{english} Power Supply", "urban", PROVINCE_CODE))
        part, part_en = words.COUNTIES[(within + city * 5) % len(words.COUNTIES)]
        rows.append((county_code, f"{name}{part}供电分公司", f"{english} {part_en} Branch", "urban", city_code))
        for station in range(wanted * county // counties, wanted * (county + 1) // counties):
            place, place_en, kind = words.STATIONS[station % len(words.STATIONS)]
            number = station - wanted * county // counties + 1
            rows.append((f"{county_code}{number:02}", f"{part}{place}供电所", f"{part_en} {place_en} Station", kind, county_code))
    return rows


def create(plan):
    """Units and people into the database; returns the Organisation that accounts are then spread over."""
    rows = _tree(plan)
    ids = reserve(Unit, len(rows))
    key = {row[0]: int(pk) for row, pk in zip(rows, ids, strict=True)}
    codes, names, english, kinds, parents = map(list, zip(*rows, strict=True))
    copy_in(Unit, {
        "id": ids, "code": codes, "name": names, "name_en": english, "kind": kinds, "parent": [key.get(parent) for parent in parents],
    })  # fmt: skip
    stations = [row for row in rows if len(row[0]) == 11]
    people = _people(plan, rows, stations)
    pks = reserve(User, len(people))
    _write_people(plan, people, pks, key)
    unit_of = [person[1] for person in people]
    role_of = [person[0] for person in people]
    by = lambda role, unit: [int(pk) for pk, r, u in zip(pks, role_of, unit_of, strict=True) if r == role and u == unit]  # noqa: E731
    return Organisation(
        station_ids=np.array([key[row[0]] for row in stations]),
        station_names=[(row[1], row[2]) for row in stations],
        station_kinds=np.array([row[3] for row in stations]),
        industrial=np.array(["Industrial" in row[2] or "Development" in row[2] or "Harbour" in row[2] for row in stations]),
        city_of=np.array([int(row[0][5:7]) - 1 for row in stations]),
        managers=[by(Role.MANAGER, row[0]) for row in stations],
        leaders=np.array([pk for row in rows if len(row[0]) == 7 for pk in by(Role.SUPERVISOR, row[0])]),
        agents=np.array(by(Role.AGENT, None)),
        supervisors=[by(Role.SUPERVISOR, row[0][:9])[0] for row in stations],
        known_manager=next(int(pk) for pk, person in zip(pks, people, strict=True) if person[2] == LOGINS[Role.MANAGER]),
    )


def demo_station(stations):
    """Where the demonstration's own manager works: an industrial station if there is one, so that the portfolio is worth a look."""
    return next((row for row in stations if "Industrial" in row[2]), stations[0])


def _people(plan, rows, stations):
    """(role, unit code or None, login or None) of everybody; the known sign-ins first in their unit."""
    home = demo_station(stations)[0]
    each = int(np.clip(round(plan.accounts / len(stations) / 230), 2, 4))
    people = []
    for row in stations:
        people += [(Role.MANAGER, row[0], LOGINS[Role.MANAGER] if row[0] == home and not number else None) for number in range(each)]
    for row in rows:
        if len(row[0]) in (7, 9):
            people.append((Role.SUPERVISOR, row[0], LOGINS[Role.SUPERVISOR] if row[0] == home[:9] else None))
    for role, count in ((Role.AGENT, max(4, plan.accounts // 5000)), (Role.ANALYST, 3), (Role.ADMINISTRATOR, 2)):
        people += [(role, None, None if number else LOGINS[role]) for number in range(count)]
    return people


def _write_people(plan, people, pks, key):
    random = plan.random("people")
    rows = len(people)
    family = [words.SURNAMES[n] for n in random.integers(0, len(words.SURNAMES), rows)]
    given = [words.GIVEN[n] for n in random.integers(0, len(words.GIVEN), rows)]
    known, nobody = make_password(demo_password()), make_password(None)
    copy_in(User, {
        "id": pks,
        "username": [who[2] or f"{g[1]}.{f[1]}.{n}".lower() for n, (who, f, g) in enumerate(zip(people, family, given, strict=True))],
        "password": [known if login else nobody for _, _, login in people],
        "role": [str(role) for role, _, _ in people],
        "unit": [key.get(unit) for _, unit, _ in people],
        "full_name": [f[0] + g[0] for f, g in zip(family, given, strict=True)],
        "full_name_en": [f"{g[1]} {f[1]}" for f, g in zip(family, given, strict=True)],
        "title": [TITLES[role] for role, _, _ in people],
        "date_joined": np.full(rows, plan.today.astype("datetime64[us]")),
    })  # fmt: skip
