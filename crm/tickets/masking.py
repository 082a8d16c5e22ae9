"""How much of a caller a person reads: callers are private people even when they speak for a company."""

from crm.people.masking import HIDDEN, mask_name, mask_phone


def caller_as_read(reader, ticket) -> dict:
    """`{"name", "phone"}`: plain to who reads people plainly, revealed the customer, logged the ticket, or works an unknown caller's."""
    name, phone, user = ticket.caller_name, ticket.caller_phone, reader.user
    known = ticket.account is not None
    plain = reader.sees(ticket.account.customer) if known else user.personal_data == "plain" or ticket.may_be_worked_by(user)
    if plain or ticket.logged_by_id == user.pk:
        return {"name": name, "phone": phone}
    if user.personal_data == "never":
        return {"name": name and HIDDEN, "phone": phone and HIDDEN}
    return {"name": mask_name(name), "phone": phone and mask_phone(phone)}
