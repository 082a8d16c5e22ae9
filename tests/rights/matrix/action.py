"""Pages of the action."""

from tests.rights.matrix.answers import get, post

PAGES = {
    "marketing:desk": get(own="oofff"),
    "marketing:desk-ahead": get(own="oofff"),
    "marketing:proposal-list": get(own="oofoo"),
    "marketing:proposal-detail": get("proposal", own="oofoo"),
    "marketing:proposal-approve": post("proposal", own="fofff"),
    "marketing:proposal-refuse": post("proposal", own="fofff"),
    "marketing:proposal-withdraw": post("proposal", own="oofff"),
    "marketing:entitlement-revoke": post("entitlement", own="fofff"),
    "marketing:entitlement-list": get(own="oofoo"),
    "marketing:entitlement-detail": get("entitlement", own="oofoo"),
    "marketing:entitlement-effect": get("entitlement", own="oofoo"),
    "marketing:entitlement-use": post("entitlement", own="oofff"),
    "marketing:channel-effect": get(own="oofoo"),
    "marketing:channel-effect-chart": get(own="oofoo"),
    "marketing:channel-rules": get(own="oofoo"),
    "marketing:propose": get("account", own="oofff"),
    "marketing:propose-bulk": post(own="oofff"),
    "marketing:account-panel": get("account"),
}
