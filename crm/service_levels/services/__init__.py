"""What is done to green channels and clock policies, and which clock a ticket gets."""

from crm.service_levels.services.entitlements import check_quotas, expire, grant, revoke, use, use_for_ticket
from crm.service_levels.services.policies import add_policy, end_policy, revise_policy
from crm.service_levels.services.promises import dues_of, policies, promise, promise_for, put_off, shorter_clock_of

__all__ = [
    "add_policy", "check_quotas", "dues_of", "end_policy", "expire", "grant", "policies", "promise", "promise_for", "put_off",
    "revise_policy", "revoke", "shorter_clock_of", "use", "use_for_ticket",
]  # fmt: skip
