"""What became of many things done at once, told on the next page."""

from django.contrib import messages
from django.utils.translation import gettext as _

MOST_TOLD = 5


def tell_refusals(request, refused):
    """Each refusal in its own words, the first five of them. `refused`: (what, refusal)."""
    for _what, refusal in refused[:MOST_TOLD]:
        messages.warning(request, str(refusal))
    if len(refused) > MOST_TOLD:
        messages.warning(request, _("%(n)s more were refused for such reasons.") % {"n": len(refused) - MOST_TOLD})
