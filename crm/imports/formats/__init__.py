"""Files as rows of text, one module per format."""

from crm.imports.formats.table import Table, open_table

__all__ = ["Table", "open_table"]
