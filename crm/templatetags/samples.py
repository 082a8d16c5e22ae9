"""Made-up values for the style page, which shows every component without touching the database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import forms, template
from django.utils import timezone
from django.utils.translation import gettext as _

register = template.Library()

NAMES = [
    "Huaxin Precision Casting",
    "Yongtai Cold Chain Logistics",
    "Northlake Data Center",
    "Municipal Water No. 2",
    "杭州滨江纺织有限公司",
    "Lanting Hotel",
]
TIERS = ["diamond", "platinum", "gold", "silver", "standard", ""]
BANDS = ["high", "elevated", "low", "low", "high", ""]
SHAPES = [[9, 9, 8, 9, 8, 8, 7, 6, 6, 5, 5, 4], [1, 1, 3, 3, 3, 5, 5, 5, 3, 3, 3, 3], [1, 2, 2, 3, 3, 4, 5, 5, 6, 6, 7, 7],
          [4] * 12, [8, 8, 7, 7, 6, None, None, 4, 3, 3, 2, 2], [1, 2, 4, 6, 6, 4, 3, 2, 1, 1, 1, 2]]  # fmt: skip


class SampleForm(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=[("complaint", "Complaint"), ("enquiry", "Enquiry")])
    phone = forms.CharField(label="Wants an answer by phone", required=False)
    severity = forms.CharField(label="Severity", help_text="Major ones are passed on within 15 minutes.")
    due = forms.DateField(label="Date", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 4}))
    call_back = forms.BooleanField(label="Call back today", required=False)


def _rows():
    return [
        {
            "number": 3304012289 + 28 * index,
            "name": name,
            "tier": TIERS[index],
            "band": BANDS[index],
            "risk": [71, 44, 6, 9, 58, None][index],
            "value": [86.2, 78.9, 93.5, 74.1, 61.7, None][index],
            "change": [-14, 3, 8, 1, -6, 0][index],
            "use": SHAPES[index],
            "tone": "risk" if BANDS[index] == "high" else "good",
            "revenue": Decimal([4_210_000, 1_080_000, 6_700_000, 940_000, 610_000, 84_210][index]),
            "know": ["use ↓ 31 %, contract ends in 46 d", "2 complaints open", "", "special important customer", "arrears 62 d", ""][index],
        }
        for index, name in enumerate(NAMES)
    ]


@register.simple_tag
def samples():
    now = timezone.now()
    hours = dt.timedelta(hours=1)
    return {
        "now": now,
        "rows": _rows(),
        "tiers": TIERS,
        "form": SampleForm(),
        "wrong_form": SampleForm({"kind": "complaint", "severity": ""}),
        "due": [now + 30 * hours, now + 6.2 * hours, now + 2.5 * hours, now - 3.1 * hours],
        "past": [now - hours / 60 * 5, now - 26 * hours, now - 24 * 9 * hours, now - 24 * 60 * hours],
        "chips": [
            {"label": "My accounts", "remove_url": "?"},
            {"label": "Tier: Diamond, Platinum", "remove_url": "?"},
            {"label": "Unassigned", "url": "?queue=unassigned", "count": 3},
            {"label": "Reopened", "url": "?queue=reopened", "count": 1},
        ],
        "options": [("high", "High", 12), ("elevated", "Elevated", 48), ("low", "Low", 1224)],
        "chosen": ["high"],
        "tabs": [
            {"key": "overview", "label": _("Overview"), "href": "?tab=overview", "active": True},
            {"key": "use", "label": "Usage", "href": "?tab=usage"},
            {"key": "complaints", "label": "Complaints", "href": "?tab=complaints", "count": 2},
        ],
        "menu": [
            {"label": "Key accounts", "url": "?view=1", "icon": "bookmark", "active": True},
            {"label": "All mine", "url": "?view=2", "icon": "list"},
            {"divider": True},
            {"label": "Save this view", "url": "?save", "icon": "device-floppy"},
        ],
        "facts": [
            ("Category", "Large industrial · 110 kV"),
            ("Contract capacity", "12,600 kVA"),
            ("Market status", "Agency purchase"),
            ("Manager", "陈伟"),
        ],
        "figures": [0, 842, 18_400, 18_420_000, 192_000_000, -1_200_000, None],
        "found": [
            _found("Accounts", "Huaxin Precision Casting", "3304012289", "building-factory"),
            _found("Tickets", "Voltage dip stops casting line", "#24118", "message-report"),
        ],
    }


def _found(title, label, meta, icon):
    return {"title": title, "items": [{"url": "#", "label": label, "meta": meta, "icon": icon}]}
