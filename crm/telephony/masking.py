"""How much of a caller's number a person reads: as much as of the customer's; of an unknown caller, whoever has them on the line all of it."""

from crm.people.masking import HIDDEN, mask_phone


def phone_as_read(reader, call) -> str:
    """The number in plain to who took the call, reads people plainly, or revealed the customer; else masked, or hidden for who never reads them."""
    user = reader.user
    if not call.phone or call.agent_id == user.pk:
        return call.phone
    if call.account_id is not None:
        return reader.phone(call.account.customer, call.phone)
    return {"plain": call.phone, "reveal": mask_phone(call.phone)}.get(user.personal_data, HIDDEN)
