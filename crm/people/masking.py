"""What a role reads of private people: plainly, after an audited reveal, or never (`crm.people.roles.PERSONAL_DATA`)."""

from dataclasses import dataclass, field

from crm.people.models import User

HIDDEN = "＊＊＊"


def mask_phone(phone: str) -> str:
    """`0571 8899 2210` → `0571 **** 2210`; short numbers keep only the last two digits."""
    digits = [i for i, c in enumerate(phone) if c.isdigit()]
    if len(digits) < 7:
        return "*" * max(0, len(phone) - 2) + phone[-2:]
    hidden = set(digits[-8:-4]) if len(digits) >= 8 else set(digits[:-4])
    return "".join("*" if i in hidden else c for i, c in enumerate(phone))


def mask_name(name: str) -> str:
    """`李明` → `李*`, `Li Ming` → `L*`."""
    return name[:1] + "*" * (len(name) - 1 if name and not name.isascii() else min(1, len(name))) if name else ""


def mask_address(address: str) -> str:
    """Town and street stay, the door does not."""
    return address[:6] + HIDDEN if len(address) > 6 else HIDDEN if address else ""


@dataclass(frozen=True)
class Reader:
    """How one person reads personal data. `revealed`: ids of customers they revealed in this session."""

    user: User
    revealed: frozenset = field(default_factory=frozenset)

    def sees(self, customer) -> bool:
        return self.user.personal_data == "plain" or (self.user.personal_data == "reveal" and customer.pk in self.revealed)

    def may_reveal(self, customer) -> bool:
        return self.user.personal_data == "reveal" and customer.pk not in self.revealed

    def name(self, customer) -> str:
        """Names of organisations are public; of private people, personal."""
        return str(customer) if customer.kind != "person" or self.sees(customer) else mask_name(str(customer))

    def phone(self, customer, phone: str) -> str:
        return phone if self.sees(customer) else mask_phone(phone) if self.user.personal_data == "reveal" else HIDDEN if phone else ""

    def email(self, customer, email: str) -> str:
        return email if self.sees(customer) or not email else HIDDEN

    def address(self, customer, address: str) -> str:
        return address if customer.kind != "person" or self.sees(customer) else mask_address(address)

    def contact_name(self, contact) -> str:
        return contact.name if self.sees(contact.customer) else mask_name(contact.name)


def reader_of(request) -> Reader:
    """The reader of a request, with what they revealed in this session."""
    return Reader(user=request.user, revealed=frozenset(request.session.get("revealed_customers", ())))
