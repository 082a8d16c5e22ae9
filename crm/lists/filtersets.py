"""The filter set of a list, without deep copies: django-filter copies every filter and every choice for each request, to change none."""

import copy

import django_filters


class _Own(dict):
    """A mapping whose deep copy is `copy_one` of each of its values."""

    def __init__(self, values, copy_one):
        super().__init__(values)
        self.copy_one = copy_one

    def __deepcopy__(self, memo):
        return {name: self.copy_one(value) for name, value in self.items()}


class ListFilterSet(django_filters.FilterSet):
    """A `FilterSet` whose filters share what they were declared with; a request may set `queryset` and `extra` of its own, and no more."""

    def __init__(self, *args, **kwargs):
        self.base_filters = _Own(type(self).base_filters, _with_own_method)
        super().__init__(*args, **kwargs)

    def get_form_class(self):
        form = super().get_form_class()
        form.base_fields = _Own(form.base_fields, lambda field: field)  # made for this request, so nobody else has them
        return form


def _with_own_method(declared):
    own = copy.copy(declared)
    own.__dict__.pop("_field", None)
    own.extra = {**declared.extra}  # into which django-filter puts what this reader may choose from
    if own.method is not None:
        own.method = own.method  # binds it to this copy
    return own
