"""Lists whose views people may save, by url name. A wing adds its own when the app starts: `PAGES.add("segmentation:portfolio")`."""

from django.urls import NoReverseMatch, reverse

PAGES = {
    "segmentation:portfolio",
    "crm:ticket-list",
    "crm:people-list",
    "crm:audit-list",
    "marketing:proposal-list",
    "segmentation:tier-report",
}


def address_of(page: str, query: str = "") -> str:
    """The list's URL with the filter; "" for a page that takes no views or is not there."""
    if page not in PAGES:
        return ""
    try:
        return reverse(page) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""
