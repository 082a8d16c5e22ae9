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
    (_("Payments"), _("Most pay in time, a tenth is late as a habit, a few owe the last months or pay in parts.")),
    (
        _("Tickets"),
        _(
            "Everyday questions, outages that make a whole neighbourhood call, voltage trouble of plants, and complaints before "
            "somebody leaves. "
            "All texts are made up: no complaint texts of customers in Chinese are public."
        ),
    ),
    (
        _("Visits and green channels"),
        _("More visits the larger the account; green channels for one account in 150, some ending soon."),
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
