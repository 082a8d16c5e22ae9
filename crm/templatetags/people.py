"""Names, phones and addresses as the reader may read them: `{{ customer|name_for:reader }}` (see `crm.people.masking`)."""

from django import template

register = template.Library()


@register.filter
def name_for(customer, reader):
    return reader.name(customer)


@register.filter
def contact_name_for(contact, reader):
    return reader.contact_name(contact)


@register.simple_tag
def phone_for(reader, customer, phone):
    """`{% phone_for reader customer contact.phone %}`"""
    return reader.phone(customer, phone)


@register.simple_tag
def address_for(reader, customer, address):
    return reader.address(customer, address)
