"""Names of the holidays in the published calendar, so that they can be translated; days keep the English name as their note."""

from django.utils.translation import gettext_noop as _

NAMES = [
    _("New Year's Day"), _("Spring Festival"), _("Tomb-sweeping Day"), _("Labour Day"), _("Dragon Boat Festival"), _("National Day"),
    _("Mid-autumn Festival"), _("Anti-Fascist 70th Day"),
]  # fmt: skip
