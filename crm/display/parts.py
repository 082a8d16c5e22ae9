"""The whole page, or the part of it an HTMX request swaps in."""


def wants_part(request) -> bool:
    """Whether only a part is asked for. A boosted link is an HTMX request for the whole page."""
    return bool(request.htmx and not request.htmx.boosted)
