"""The description of the API is complete and says nothing twice."""

from io import StringIO

from django.core.management import call_command


def test_the_schema_is_valid_and_drf_spectacular_has_nothing_to_warn_about(db):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())
