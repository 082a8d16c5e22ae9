"""Find groups, put them in force, and what people decide about them."""

from .adopting import adopt
from .deciding import add_rule, ask, change_settings, drop_rule, rename
from .finding import find
from .settled import in_flux, sought_anew_at
from .shapes import Judged

__all__ = ["Judged", "add_rule", "adopt", "ask", "change_settings", "drop_rule", "find", "in_flux", "rename", "sought_anew_at"]
