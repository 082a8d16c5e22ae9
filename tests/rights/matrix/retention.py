"""Retention and market watch: pages and routes."""

from tests.rights.matrix.answers import OF_AN_ACCOUNT, get, post

OF_AN_ACCOUNT |= {"plan", "offer", "lot", "exemption", "loss"}

PAGES = {
    "marketing:retention-plans": get(own="oofoo"),
    "marketing:retention-plan": get("plan", own="oofoo"),
    "marketing:retention-end": post("plan", own="oofff"),
    "marketing:retention-offer": post("plan", own="oofff"),
    "marketing:retention-answer": post("offer", own="oofff"),
    "marketing:retention-start": get("account", own="oofff", unit="fofff"),
    "marketing:retention-start-bulk": post(own="oofff"),
    "marketing:retention-overview": get(own="oofoo"),
    "marketing:retention-chart": get(own="oofoo", extra=("outcomes",)),
    "marketing:retention-panel": get("account", own="oofoo"),
    "marketing:playbook-list": get(own="oofoo"),
    "marketing:playbook-new": get(own="fffoo"),
    "marketing:playbook-edit": get("playbook", own="fffoo"),
    "marketing:trial-list": get(own="oofoo"),
    "marketing:trial-open": get(own="fffoo"),
    "marketing:trial-detail": get("trial", own="oofoo"),
    "marketing:trial-effect": get("trial", own="oofoo"),
    "marketing:trial-close": post("trial", own="fffoo"),
    "marketing:lot-release": get("lot", own="foffo"),
    "marketing:account-exempt": get("account", own="foffo"),
    "marketing:exemption-end": post("exemption", own="foffo"),
    "marketing:market-watch": get(own="oofoo"),
    "marketing:market-chart": get(own="oofoo", extra=("months",)),
    "marketing:loss-note": get("account", own="oofff"),
    "marketing:loss-withdraw": post("loss", own="oofff"),
    "marketing:rival-list": get(own="fffoo"),
    "marketing:rival-edit": get("rival", own="fffoo"),
}

API = {
    "playbook-list": get(own="oofoo"),
    "playbook-detail": get("playbook", own="oofoo"),
    "playbook-change": post("playbook", own="fffoo"),
    "retention-plan-list": get(own="oofoo"),
    "retention-plan-detail": get("plan", own="oofoo"),
    **{f"retention-plan-{deed}": post("plan", own="oofff") for deed in ("offer", "answer", "keep", "lose", "drop")},
    "trial-list": get(own="oofoo"),
    "trial-detail": get("trial", own="oofoo"),
    "trial-close": post("trial", own="fffoo"),
    "trial-effect": get("trial", own="oofoo"),
    "lot-list": get(own="oofoo"),
    "lot-detail": get("lot", own="oofoo"),
    "lot-release": post("lot", own="foffo"),
    "loss-list": get(own="oofoo"),
    "loss-detail": get("loss", own="oofoo"),
    "loss-withdraw": post("loss", own="oofff"),
    "rival-list": get(own="oofoo"),
    "rival-detail": get("rival", own="oofoo"),
    "rival-change": post("rival", own="fffoo"),
}
