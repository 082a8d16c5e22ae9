"""Strata in the reader's words."""

from crm.accounts.models import Account
from segmentation.runs.models import RiskBand, Tier


def strata_in_words(rows: list[dict]) -> list[dict]:
    """The rows of `effect.arms_of` with `band`, `tier` and `category` beside the key of the stratum."""
    return [row | _parts(row["stratum"]) for row in rows]


def _parts(stratum):
    band, tier, category = [*stratum.split("|"), "", ""][:3]
    labels = dict(Account.Category.choices)
    return {
        "band": RiskBand(band).label if band in RiskBand.values else band,
        "tier": Tier(tier).label if tier in Tier.values else Tier.UNSCORED.label,
        "category": labels.get(category, category),
    }
