"""Customers and contacts for programs, with personal data as the reader may read it."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.customers import services
from crm.customers.models import Contact, Customer
from crm.people.masking import reader_of
from crm.people.permissions import check, needs


def reader_in(serializer):
    """The reader of the request a serializer works for, made once."""
    context = serializer.context
    if "reader" not in context:
        context["reader"] = reader_of(context["request"])
    return context["reader"]


class CustomerSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField(help_text="In the language of the request; masked for private people")
    phone = serializers.SerializerMethodField(help_text="Masked unless your role reads it or you revealed it")
    address = serializers.SerializerMethodField(help_text="Masked for private people")
    masked = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["id", "number", "kind", "name", "credit_code", "industry", "parent", "phone", "address", "masked"]
        read_only_fields = fields

    def get_name(self, customer) -> str:
        return reader_in(self).name(customer)

    def get_phone(self, customer) -> str:
        return reader_in(self).phone(customer, customer.phone)

    def get_address(self, customer) -> str:
        return reader_in(self).address(customer, customer.address)

    def get_masked(self, customer) -> bool:
        return not reader_in(self).sees(customer)


class ContactSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = ["id", "customer", "name", "duty", "phone", "email", "is_primary"]
        read_only_fields = fields

    def get_name(self, contact) -> str:
        return reader_in(self).contact_name(contact)

    def get_phone(self, contact) -> str:
        return reader_in(self).phone(contact.customer, contact.phone)

    def get_email(self, contact) -> str:
        return reader_in(self).email(contact.customer, contact.email)


class ContactWrite(serializers.ModelSerializer):
    class Meta:
        model = Contact
        fields = ["name", "duty", "phone", "email", "is_primary"]
        validators = []


class CustomerFilter(django_filters.FilterSet):
    account = django_filters.NumberFilter(field_name="accounts", help_text="The customer of this account")

    class Meta:
        model = Customer
        fields = ["number", "kind", "industry", "parent", "account"]


class CustomerViewSet(viewsets.ReadOnlyModelViewSet):
    """客户. CIM: Customer."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    permission_classes = [needs("crm.view_customer")]
    filterset_class = CustomerFilter
    sorts = {"number": "number"}
    default_sort = "number"

    def get_queryset(self):
        return Customer.objects.visible_to(self.request.user)

    @extend_schema(request=None, responses=CustomerSerializer)
    @action(detail=True, methods=["post"])
    def reveal(self, request, pk=None):
        """Read the customer's personal data in plain; the audit trail keeps that you asked. Agents and administrators."""
        customer = self.get_object()
        check(request.user, "crm.reveal")
        account = Account.objects.visible_to(request.user).filter(customer=customer).order_by("pk").first()
        services.reveal(customer=customer, by=request.user, account=account)
        if getattr(request, "auth", None) is None:  # a token has no session to remember it in
            services.remember(session=request.session, customer=customer)
        reader = reader_of(request)
        context = self.get_serializer_context() | {"reader": type(reader)(reader.user, reader.revealed | {customer.pk})}
        return Response(CustomerSerializer(customer, context=context).data)

    @extend_schema(request=ContactWrite, responses={201: ContactSerializer})
    @action(detail=True, methods=["post"], url_path="add-contact")
    def add_contact(self, request, pk=None):
        """By whoever looks after one of the customer's accounts."""
        customer = self.get_object()
        refuse_unless_looked_after(request.user, customer)
        form = ContactWrite(data=request.data)
        form.is_valid(raise_exception=True)
        contact = services.save_contact(customer=customer, by=request.user, values=form.validated_data)
        return Response(ContactSerializer(contact, context=self.get_serializer_context()).data, status=201)


def refuse_unless_looked_after(user, customer):
    if not Account.objects.looked_after_by(user).filter(customer=customer).exists():
        raise PermissionDenied


class ContactViewSet(viewsets.ReadOnlyModelViewSet):
    """The people we speak to at a customer."""

    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    permission_classes = [needs("crm.view_customer")]
    filterset_fields = ["customer", "duty", "is_primary"]
    sorts = {"id": "pk"}
    default_sort = "id"

    def get_queryset(self):
        return Contact.objects.visible_to(self.request.user).select_related("customer")

    @extend_schema(request=ContactWrite, responses=ContactSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        contact = self.get_object()
        refuse_unless_looked_after(request.user, contact.customer)
        form = ContactWrite(contact, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        services.save_contact(customer=contact.customer, by=request.user, values=form.validated_data, contact=contact)
        return Response(self.get_serializer(contact).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        contact = self.get_object()
        refuse_unless_looked_after(request.user, contact.customer)
        services.remove_contact(contact=contact, by=request.user)
        return Response(status=204)


ROUTES: list = [("customers", CustomerViewSet, "customers"), ("contacts", ContactViewSet, "contacts")]
