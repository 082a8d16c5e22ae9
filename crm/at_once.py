"""Many tables in one step of a migration."""

from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """The operations (models created, triggers added) run one after the other; Django's picture of all models is drawn once for all of them.

    Django draws every model that is related to a new one anew for each: with a hundred of them that takes longer than creating their tables.
    No operation may change a model that an earlier one of the same step creates: it is created as it is at the end.
    """

    reduces_to_sql = True

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # a cached property: drawn when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Every table still stands in the picture that `from_state` is."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, from_state)

    def describe(self):
        return "; ".join(operation.describe() for operation in self.operations)
