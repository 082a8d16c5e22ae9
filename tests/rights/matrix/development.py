"""Development of large customers: pages and routes."""

from tests.rights.matrix.answers import OF_AN_ACCOUNT, get, post

OF_AN_ACCOUNT |= {"prospect", "large customer"}

PAGES = {
    "marketing:prospect-list": get(own="oofoo"),
    "marketing:candidate-list": get(own="oofoo"),
    "marketing:large-customer-list": get(own="oofoo"),
    "marketing:large-customer-new": get(own="fofff"),
    "marketing:large-customer-end": post("large customer", own="fofff", data={"reason": "Left"}),
    "marketing:prospect-watch": post("account", own="oofff"),
    "marketing:prospect-detail": get("prospect", own="oofoo"),
    "marketing:prospect-move": post("prospect", own="oofff"),
    "marketing:prospect-plan": post("prospect", own="oofff"),
    "marketing:prospect-note": post("prospect", own="oofff"),
    "marketing:prospect-propose": post("prospect", own="oofff"),
    "marketing:prospect-drop": post("prospect", own="oofff"),
    "marketing:prospect-approve": post("prospect", own="fofff"),
    "marketing:prospect-refuse": post("prospect", own="fofff"),
    "marketing:development-panel": get("account", own="oofoo"),
}

API = {
    "candidate-list": get(own="oofoo"),
    "prospect-list": get(own="oofoo"),
    "prospect-detail": get("prospect", own="oofoo"),
    "prospect-move": post("prospect", own="oofff"),
    "prospect-plan": post("prospect", own="oofff"),
    "prospect-note": post("prospect", own="oofff"),
    "prospect-propose": post("prospect", own="oofff"),
    "prospect-drop": post("prospect", own="oofff"),
    "prospect-approve": post("prospect", own="fofff"),
    "prospect-refuse": post("prospect", own="fofff"),
    "large-customer-list": get(own="oofoo"),
    "large-customer-detail": get("large customer", own="oofoo"),
    "large-customer-end": post("large customer", own="fofff", data={"reason": "Left"}),
}
