"""What the page about the data says: how each part is made, and where every figure that is not ours comes from."""

from django.utils.translation import gettext_lazy as _

MADE = "created demo"

# part, how it is made
PARTS = [
    (
        _("Units and people"),
        _(
            "An invented province, its cities, counties and stations; unit codes begin with 99, which is no region's. "
            "Names are drawn from lists."
        ),
    ),
    (
        _("Customers"),
        _(
            "Private people and firms of industries of GB/T 4754, with invented names. "
            "Phone numbers begin with 12, which no network gives out."
        ),
    ),
    (
        _("Accounts"),
        _(
            "60 % residential, 25 % general commercial, 5 % large industrial, 5 % agricultural, 3 % EV charging, 2 % other. "
            "Capacities are log-normal by category, rounded to transformer sizes."
        ),
    ),
    (
        _("Outages"),
        _(
            "Some stations hang on weak lines and stay so; rural lines fail more often. Lengths are log-normal: most last an hour or two, "
            "three in ten are announced. How many there are is our own estimate."
        ),
    ),
    (
        _("Why accounts leave"),
        _(
            "How many fade, close or change supplier is set beforehand; which ones do has causes. Weak lines drive firms away, mostly in "
            "the three months after an outage of their station; trades have good and bad luck; accounts that never pay up close four "
            "times as often."
        ),
    ),
    (
        _("Consumption"),
        _(
            "Hours of the day follow standard load profiles, months a cooling summer and a quiet new year of our own estimate. "
            "Every account has a trend, noise and a story: steady, growing, fading, collapsed, stopped, new, closed, switched, own PV."
        ),
    ),
    (
        _("Bills"),
        _(
            "Two-part tariff from 315 kVA, time bands, residential ladder by year, power-factor adjustment by the rule of 1983. "
            "The prices have the usual size; no utility charges exactly these."
        ),
    ),
    (_("Payments"), _("Most pay in time, a tenth is late as a habit and stays late, a few owe the last months or pay in parts.")),
    (
        _("Tickets"),
        _(
            "About one contact per account and year, most of them questions. Outages make a whole neighbourhood call; complaints "
            "follow within a week, more of them if nobody had announced the outage, if it was long, or if it was the third in three "
            "months. Plants complain about voltage, and half a year before somebody leaves complaints pile up. "
            "All texts are made up: no complaint texts of customers in Chinese are public."
        ),
    ),
    (
        _("Visits and green channels"),
        _("More visits the larger the account; green channels for one account in 150, some ending soon."),
    ),
    (
        _("Retention and losses"),
        _(
            "Plans, offers, two trials and the causes of losses are made up after the first judgement. Bills know nothing of plans, so the "
            "arms of the finished trial are drawn as if plans had kept about a third of those who would have left; suppliers are invented."
        ),
    ),
    (
        _("How the rows are written"),
        _(
            "Columns of numbers, drawn for 25,000 accounts at a time, each step from random numbers of its own that follow from the seed; "
            "written by COPY in one transaction, keys and indexes built and checked at the end. The same size, months, seed and day give "
            "the same utility."
        ),
    ),
]

# what, used for, where from, licence
SOURCES = [
    (_("BDEW standard load profiles 2025 (H25, G25, L25)"), _("hours of the day"), "BDEW, demandlib 0.2", _("MIT (demandlib)")),
    (_("Time bands of Beijing"), _("shares of the price bands"), _("one published source"), _("facts")),
    (_("Band factors of Shandong 2026"), _("prices by time band"), _("one published source"), _("facts")),
    (_("Residential ladder of Zhejiang"), _("bills of homes"), _("one published source"), _("facts")),
    (_("Rule on power-factor adjustment of 1983"), _("adjustment of bills"), "水电财字[1983]215号", _("facts")),
    (_("Working days 2004 to 2026"), _("clocks of tickets"), "chinesecalendar", _("MIT")),
    (
        _("ElectricityLoadDiagrams 2011–2014: 321 real clients"),
        _("checks of the early warning; can be imported"),
        "UCI Machine Learning Repository",
        _("CC BY 4.0"),
    ),
]
