"""The portfolio as its tests read it."""

URL = "/portfolio/"


def numbers(response):
    """Account numbers of the page's rows, in their order."""
    return [row.account.number for row in response.context["page"]]
